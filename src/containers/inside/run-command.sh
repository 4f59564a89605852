# Runs a command in a group of its own, and ends all of that group when the command has ended, or when the other side
# closes our input: because its time is up, because somebody interrupted it, or because whoever asked for it is gone.
# $1: bytes of input that come first. $2: seconds between asking it to end and ending it. Then the command.
unset IRONBARK_LAUNCHER
bytes=$1
grace=$2
shift 2
exec 3<&0 4>&2 2>/dev/null
if [ "$bytes" -gt 0 ]; then
  given=$(mktemp /tmp/.input.XXXXXX) || exit 125
  head -c "$bytes" <&3 >"$given"
  exec 0<"$given"
  rm -f "$given"
else
  exec 0</dev/null
fi
# Nothing ever comes from here, so a read with a limit is a pause that needs no process of its own: there may be none
# left to have.
exec 5<> <(:)
# A command that came with the container may be faster than the forwarder.
tries=0
while [ ! -e /tmp/.forwarding ] && [ "$tries" -lt 100 ]; do
  read -r -t 0.02 _ <&5
  tries=$((tries + 1))
done
set -m
"$@" <&0 2>&4 3<&- 4>&- 5<&- &
child=$!
set +m
exec 4>&- </dev/null
(
  read -r _ <&3
  kill -TERM -- "-$child"
  read -r -t "$grace" _ <&5
  kill -KILL -- "-$child"
) >/dev/null &
guard=$!
wait "$child"
code=$?
kill -KILL -- "-$child"
kill -KILL "$guard"
exit "$code"
