#!/bin/sh
# Export a session as it is now, then ask bandmate about what came of it. Nobody waits for this.
#
#   sh export.sh PROGRAM CONFIG SESSION STATE NAME ANSWER FAILURE BANDMATE WORD...
#
#   PROGRAM       Ardour's own for exports
#   CONFIG        Ardour's configuration folder
#   SESSION       the folder of the session
#   STATE         what Ardour saved of the session for us; it is taken away
#   NAME          how the file is to be called; a number that is free is added
#   ANSWER        where bandmate answers; ANSWER.progress and ANSWER.cancel lie beside it
#   FAILURE       the answer where nothing could be exported
#   BANDMATE ...  how to ask; the file is added as the last word

program=$1 config=${2%/} session=${3%/} state=$4 name=$5 answer=$6 failure=$7
shift 7
folder=$session/export
key=${answer##*/}
part=$folder/${key%.json}.part.wav
own=
exporting=

tidy() {
  [ -z "$exporting" ] || { kill "$exporting" && wait "$exporting"; }
  [ -z "$own" ] || rm -rf "$own"
  rm -f "$part" "$state"
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM

fail() {
  printf '%s\n' "$failure" >"$answer.part" && mv -f "$answer.part" "$answer"
  exit 1
}

cancelled() {
  rm -f "$answer.cancel" "$answer.progress" "$session/bandmate-export.log"
  exit 0
}

# link FROM TO: everything in a folder, but for what is in the other already.
link() {
  for one in "$1"/* "$1"/.[!.]*; do
    [ ! -e "$one" ] || [ -e "$2/${one##*/}" ] || ln -s "$one" "$2/" || fail
  done
}

# The program works on links, in a session and a configuration of its own. In the musician's it enters our state
# among the recent sessions, makes it the one that opens next, and writes among files that Ardour has open.
make_session() {
  there=$own/${session##*/}
  export there
  mkdir "$there" && cd "$session" || fail
  for kept in interchange plugins externals; do
    [ -d "$kept" ] || continue
    find "$kept" -type d -exec sh -c 'for one; do mkdir "$there/$one" || exit; done' sh {} + || fail
    find "$kept" ! -type d -exec sh -c 'for one; do ln -s "$PWD/$one" "$there/$one" || exit; done' sh {} + || fail
  done
  # Surfaces are Ardour's: a second program would take their ports.
  sed '/<ControlProtocols>/,/<\/ControlProtocols>/d' "$state" >"$there/bandmate.ardour" || fail
  rm -f "$state"
}

make_config() {
  mkdir "$own/config" "$own/config/${config##*/}" || fail
  link "$config" "$own/config/${config##*/}"
  link "${config%/*}" "$own/config"
  rm -f "$own/config/${config##*/}/recent"
}

export_session() {
  XDG_CONFIG_HOME=$own/config "$program" -b float -o "$part" "$there" bandmate >&2 &
  exporting=$!
  while kill -0 "$exporting" 2>/dev/null; do
    [ ! -e "$answer.cancel" ] || cancelled
    sleep 0.2
  done
  wait "$exporting"
  ended=$?
  exporting=
  [ "$ended" -eq 0 ] && [ -s "$part" ] || fail
}

# An empty file that is not there yet takes the name, so that two exports at once never meet.
take_name() {
  number=1
  until (set -C && : >"$folder/$name-$number.wav") 2>/dev/null; do
    [ -e "$folder/$name-$number.wav" ] || fail
    number=$((number + 1))
  done
  file=$folder/$name-$number.wav
  mv -f "$part" "$file" || fail
}

exec 2>"$session/bandmate-export.log"
printf '0.00 exporting the session\n' >"$answer.progress"
own=$(mktemp -d) && mkdir -p "$folder" || fail
make_session
make_config
export_session
take_name
tidy
rm -f "$session/bandmate-export.log"
exec "$@" "$file" 2>/dev/null
