-- A mix, picked whole or one thing after another.

return function(window, answer, things)
  local function entries_of(left)
    local entries = { { text = "All of it", value = { place = 0 } } }
    for place, thing in ipairs(left) do
      local text = answer.shortened(things.words(thing), answer.MENU_CHARACTERS)
      entries[#entries + 1] = { text = text, value = { place = place }, line = place == 1 }
    end
    return entries
  end

  -- Land what is picked of a suggestion, by land(part of it); the menu comes again with what is left, until
  -- it is closed. Returns whether nothing was picked.
  return function(suggestion, land)
    local left, is_first = things.of(suggestion.moves), true
    while #left > 0 do
      local picked = window.menu(entries_of(left))
      if not picked then return is_first end
      local chosen = left
      if picked.place > 0 then chosen = { table.remove(left, picked.place) } else left = {} end
      land(setmetatable({ moves = things.moves(chosen) }, { __index = suggestion }))
      is_first = false
    end
    return false
  end
end
