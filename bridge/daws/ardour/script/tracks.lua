-- Which track of the session a move is for.

return function()
  local tracks = {}

  -- Exported files have "_" where a name has what a file's may not.
  local function folded(name) return (name:lower():gsub("[%p%c]", "_")) end

  -- Whether it is the name, or ends with it, as "session_Vocal" does.
  local function is_called(target, name)
    if target == name then return true end
    return name ~= "" and target:sub(-#name) == name and target:sub(-#name - 1, -#name - 1):match("[_%s]") ~= nil
  end

  -- The track of a target: that of its name, else the one whose name ends it, as in files of exported
  -- stems; of "Guitar" and "Bass Guitar" the longer. Nil and why where there is none, or several are.
  function tracks.of(target)
    if target == "mix" then return Session:master_out() end
    local wanted, found, longest, count = folded(target), nil, -1, 0
    for route in Session:get_routes():iter() do
      local name = folded(route:name())
      local is_ours = not route:is_monitor() and not route:is_auditioner() and is_called(wanted, name)
      if is_ours and #name == longest then count = count + 1 end
      if is_ours and #name > longest then found, longest, count = route, #name, 1 end
    end
    if count == 1 then return found end
    return nil, count == 0 and "there is no track of that name" or count .. " tracks could be meant"
  end

  return tracks
end
