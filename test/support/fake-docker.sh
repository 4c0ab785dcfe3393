#!/bin/sh
# A docker whose containers are files in $DIR, named for the containers: an id and `running` or `exited`.
# A command whose words $FAIL matches fails; one that $KILL matches kills its caller first.
echo "$*" >>"$DIR/../calls"
case "$*" in ${KILL:-nothing}) kill -KILL $PPID; exit ;; esac
case "$*" in ${FAIL:-nothing}) echo "Error response from daemon: refused $1 $2" >&2; exit 1 ;; esac
path() { for f in "$DIR"/*; do [ "${f##*/}" = "$1" ] && echo "$f"; [ "$(cut -d' ' -f1 "$f")" = "$1" ] && echo "$f"; done | head -n 1; }
said=$*
for last; do :; done
file=$(path "$last")
case $said in
  rename*) file=$(path "$2"); [ -n "$file" ] && [ ! -e "$DIR/$3" ] && mv "$file" "$DIR/$3" ;;
  stop*|kill*) [ -n "$file" ] && echo "$(cut -d' ' -f1 "$file") exited" >"$file.tmp" && mv "$file.tmp" "$file" ;;
  start*) [ -n "$file" ] && echo "$(cut -d' ' -f1 "$file") running" >"$file.tmp" && mv "$file.tmp" "$file" ;;
  rm*) [ -n "$file" ] && rm "$file" ;;
  *ExitCode*) [ -n "$file" ] && case "$(cat "$file")" in "${ENDS:-nobody} running") echo 'exited with 3' ;; esac ;;
  container\ inspect*) [ -n "$file" ] && cut -d' ' -f1 "$file" ;;
  logs*) echo 'cannot read config' ;;
  *) exit 9 ;;
esac
