# Prints what a host is like, a line for each thing that is compared, its kind first: files, packages, services, accounts.
# Left out is what every host has of its own (keys, logs, caches, databases' files) and what belongs to packages below /usr.
export LC_ALL=C
own='/etc /usr/local /home /root /srv /opt /var/www'
left_out='/etc/ssh/ssh_host_* /etc/machine-id /etc/ld.so.cache /etc/mailcap /etc/*- /etc/.pwd.lock /etc/shadow
  /etc/ssl/certs/* /etc/ssl/private/ssl-cert-snakeoil.key /etc/apt/apt.conf.d/91proxy */.ansible* */.cache*
  */.xrun* /etc/resolv.conf /etc/hosts /usr/local/lib/python*/__pycache__*
  /etc/systemd/network/10-eth0.network /etc/openvswitch/system-id.conf /etc/docker/key.json'
set -f
prune=
for path in $left_out; do prune="$prune -path $path -o"; done
prune="( ${prune% -o} ) -prune -o"
find $own -xdev $prune ! -type d -printf 'files %p %y %m %u:%g %l\n' -o -type d -printf 'files %p %y %m %u:%g\n' 2>/dev/null
find /var -xdev \( -path '/var/lib/dpkg' -o -path '/var/cache' -o -path '/var/lib/apt' -o -path '/var/log/journal' -o -path '/var/lib/docker' \
  -o -path '/var/lib/systemd' -o -path '/var/lib/containerd' -o -path '/var/tmp' -o -path '/var/www' \) -prune -o -type d -printf 'files %p %y %m %u:%g\n'
find $own -xdev $prune -type f -print0 2>/dev/null | xargs -0r sha256sum | sed 's/^\([^ ]*\)  \(.*\)/files \2 \1/'
set +f
dpkg-query -W -f 'packages ${Package} ${db:Status-Abbrev} ${Version}\n'
apt-mark showmanual | sed 's/^/packages manual /'
dpkg --get-selections | awk '$2 != "install" { print "packages", $1, $2 }'
systemctl list-unit-files --no-legend --no-pager --type=service,socket,timer,mount,swap | awk '{ print "services", $1, $2 }'
systemctl list-units --all --no-legend --no-pager --plain --type=service,socket,timer,mount,swap |
  awk '$1 !~ /@|^(run-|user-|session|systemd-|initrd|apt-|dpkg-)/ && $2 == "loaded" { print "services", $1, $3 }'
getent passwd | sed 's/^/users /'
getent group | sed 's/^/users group /'
cut -d: -f1,2,5- /etc/shadow | sed 's/^/users shadow /'
for user in $(cut -d: -f1 /etc/passwd); do
  crontab -l -u "$user" 2>/dev/null | sed "s/^/users crontab of $user: /"
done
sysctl -a 2>/dev/null | grep -E '^(vm.swappiness|net.ipv4.(ip_forward|conf.all.(rp_filter|forwarding)))' | sed 's/^/services /'
iptables-save 2>/dev/null | grep '^-' | sed 's/^/services iptables /'
exit 0
