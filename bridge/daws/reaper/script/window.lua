-- What the musician sees: menus, a small window with progress, and messages.

local window = {}

window.WIDTH, window.HEIGHT = 460, 92
window.BUTTON = { x = 366, y = 54, width = 80, height = 26 }

local ESCAPE, CLOSED = 27, -1

function window.say(text)
  reaper.ShowMessageBox(text, "bandmate", 0)
end

-- The answers to a form, in order; nil where the musician thought better of it.
-- Fields are { { "Key", "A minor" }, ... }.
function window.form(title, fields)
  local names, values = {}, {}
  for place, field in ipairs(fields) do
    names[place] = field[1]:gsub(",", ";") -- names lie between commas, whatever the separator
    values[place] = field[2]
  end
  names[#names + 1] = "extrawidth=180"
  names[#names + 1] = "separator=\n"
  local done, text = reaper.GetUserInputs(title, #fields, table.concat(names, ","), table.concat(values, "\n"))
  if not done then return nil end
  local answers = {}
  for answer in (text .. "\n"):gmatch("([^\n]*)\n") do
    answers[#answers + 1] = answer:match("^%s*(.-)%s*$")
  end
  return answers
end

-- ------------------------------------------------------------------ menus

-- Signs that begin a command of the menu's own, and the bar between its entries.
local function plain(text)
  return (text:gsub("|", "/"):gsub("%c", " "):gsub("^[#!<>]+", ""))
end

-- Show entries { { text = "...", value = ..., grey = true, last = true, entries = {...} }, ... } and return
-- the value of the one that was picked, or nil. `line` draws a line before an entry.
function window.menu(entries)
  local pieces, values = {}, {}
  local function add(list, inside)
    for place, entry in ipairs(list) do
      if entry.line then pieces[#pieces + 1] = "" end
      local sign = entry.grey and "#" or ""
      if entry.entries then
        pieces[#pieces + 1] = ">" .. plain(entry.text)
        add(entry.entries, true)
      else
        if inside and place == #list then sign = "<" .. sign end
        pieces[#pieces + 1] = sign .. plain(entry.text)
        values[#values + 1] = entry -- heads of submenus and lines are not counted
      end
    end
  end
  add(entries, false)
  gfx.x, gfx.y = gfx.mouse_x, gfx.mouse_y
  local picked = values[gfx.showmenu(table.concat(pieces, "|"))]
  return picked and picked.value
end

-- ------------------------------------------------------------------ progress

function window.open()
  gfx.init("bandmate", window.WIDTH, window.HEIGHT)
  gfx.setfont(1, "Arial", 15)
end

function window.close()
  gfx.quit()
end

local function write(text, x, y, shade)
  gfx.set(shade, shade, shade)
  gfx.x, gfx.y = x, y
  gfx.drawstr(text)
end

function window.draw(title, fraction, doing)
  local button = window.BUTTON
  gfx.set(0.16, 0.16, 0.16)
  gfx.rect(0, 0, window.WIDTH, window.HEIGHT, 1)
  write(title, 14, 10, 0.95)
  gfx.set(0.3, 0.3, 0.3)
  gfx.rect(14, 34, window.WIDTH - 28, 8, 1)
  gfx.set(0.3, 0.65, 0.9)
  gfx.rect(14, 34, math.floor((window.WIDTH - 28) * fraction), 8, 1)
  write(doing, 14, 58, 0.75)
  gfx.set(0.35, 0.35, 0.35)
  gfx.rect(button.x, button.y, button.width, button.height, 1)
  write("Cancel", button.x + 18, button.y + 5, 0.95)
  gfx.update()
end

local was_down = true -- the click that picked from a menu may still be held

local function is_on_button()
  local button = window.BUTTON
  return gfx.mouse_x >= button.x and gfx.mouse_x <= button.x + button.width
    and gfx.mouse_y >= button.y and gfx.mouse_y <= button.y + button.height
end

-- Whether the musician wants it to end: Escape, the window closed, or a click on the button.
function window.is_cancelled()
  local key = gfx.getchar()
  local is_down = gfx.mouse_cap & 1 == 1
  local clicked = is_down and not was_down and is_on_button()
  was_down = is_down
  return clicked or key == ESCAPE or key == CLOSED
end

return window
