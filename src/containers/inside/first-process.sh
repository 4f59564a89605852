# The first process of a container. Runs what it is given, ends with it, passes on the wish to stop, and takes in the
# processes that others leave behind, which would count against the limit otherwise. Given nothing, it waits.
# $1: the text of the forwarder, empty where there is nothing to forward to. Then the command.
if [ -z "$1" ] || ! command -v node >/dev/null; then
  : >/tmp/.forwarding
else
  node --input-type=module -e "$1" </dev/null >/dev/null 2>&1 &
fi
shift
if [ $# -eq 0 ]; then set -- sleep 2147483647; fi
"$@" &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM INT
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || exit "$code"
done
