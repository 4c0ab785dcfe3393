# Tells what a host is like, a line for each thing: files, accounts, packages, services.
cd /srv/twin || exit
find . -printf '%p %y %m %u:%g %l\n' | sort
find . -type f | sort | while read -r file; do
  sed "s|^|$file: |; \$a\\" "$file"
  tail -c 1 "$file" | od -An -c
done

of_the_system='/etc /usr/local /home /srv/homes /var/lib/twin'
find $of_the_system -xdev -printf '%p %y %m %u:%g %l\n' | sort
find $of_the_system -xdev -type f -print0 | xargs -0 sha256sum | sort -k 2

getent passwd
getent group
cut -d: -f1,2 /etc/shadow

dpkg-query -W -f 'package ${Package} ${db:Status-Abbrev} ${Version}\n'

systemctl list-unit-files --no-legend --no-pager | sed 's/  */ /g'
for unit in twin cron etcd ssh; do
  systemctl show -p LoadState,ActiveState,SubState,UnitFileState "$unit" | sed "s/^/unit $unit /"
done
for user in root twinsvc; do
  crontab -l -u "$user" 2>/dev/null | sed "s/^/crontab of $user: /"
done
