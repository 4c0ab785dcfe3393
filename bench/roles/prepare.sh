# What both hosts have before either tool comes: the same name, the machine's Debian mirror, and what Ansible's modules need.
set -e
hostname twin
echo twin >/etc/hostname
sed -i "s/^127.0.1.1 .*/127.0.1.1 twin/" /etc/hosts
echo "Acquire::http::Proxy \"$mirror\";" >/etc/apt/apt.conf.d/91proxy
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends python3-apt >/dev/null
