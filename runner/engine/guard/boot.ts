import { quote } from '../../model/script.ts';
import { guardDir } from './snapshot.ts';

const KEPT = '/var/lib/xrun';

/** Where a guard's directory is kept for a host that is restarted before the guard has ended. */
export function bootDir(id: string): string {
  return `${KEPT}/guard-${id}`;
}

const unit = (id: string) => `xrun-boot-${id}.service`;
const unitFile = (id: string) => `/etc/systemd/system/${unit(id)}`;
const wantedFile = (id: string) => `/etc/systemd/system/multi-user.target.wants/${unit(id)}`;

/**
 * Shell text, run in the guard's directory before anything changes: a host that loses power takes the change back when
 * it comes up again, by a unit that systemd reads only then. Where there is no systemd, or /etc or /var cannot be
 * written, a restart ends the guard, and files stay as they were changed.
 */
export function keepOverBoot(id: string): string {
  const [dir, kept] = [guardDir(id), bootDir(id)];
  return `
keep_over_boot() {
  [ -d ${KEPT} ] || : > made-kept
  mkdir -p ${KEPT} && cp -a ${dir} ${kept} || return 1
  printf %s ${quote(bootScript(id))} > ${kept}/boot.sh && printf %s ${quote(unitText(id))} > ${unitFile(id)} || return 1
  mkdir -p /etc/systemd/system/multi-user.target.wants && ln -s ${unitFile(id)} ${wantedFile(id)} && ${TO_DISK}
}
[ ! -d /run/systemd/system ] || keep_over_boot || {
${forgetBoot(id)}
}`;
}

function bootScript(id: string): string {
  const [dir, kept] = [guardDir(id), bootDir(id)];
  return `cp -a ${kept} ${dir} && cd ${dir} || exit 1
rm -f timer.pid
echo $(($(cut -d. -f1 /proc/uptime) + 60)) > until
ln -sn ${dir} /run/xrun-guard
exec sh ./rollback.sh ' after a restart'
`;
}

function unitText(id: string): string {
  return `[Unit]
Description=Rolls back a change that was not confirmed before this host was restarted
After=network.target systemd-networkd.service networking.service NetworkManager.service openvswitch-switch.service
[Service]
Type=oneshot
ExecStart=/bin/sh ${bootDir(id)}/boot.sh
`;
}

/** Shell text: what was changed is on the disk, as far as it takes no longer than the change can wait for. */
export const TO_DISK = `{ timeout 5 sync -f /etc ${KEPT} || timeout 5 sync || :; } 2>/dev/null`;

/** Shell text: a restart no longer rolls back, not even after a power cut. May be repeated. */
export function forgetBoot(id: string): string {
  const kept = bootDir(id);
  return `if [ -d ${kept} ]; then
  rm -f ${wantedFile(id)} ${unitFile(id)}
  sync "$(dirname ${wantedFile(id)})" "$(dirname ${unitFile(id)})" 2>/dev/null || sync
  made=$(ls ${kept}/made-kept 2>/dev/null)
  rm -rf ${kept}
  [ -z "$made" ] || rmdir ${KEPT} 2>/dev/null
  # The change may have made systemd read its units anew.
  [ "$(systemctl show --property=LoadState ${unit(id)})" != LoadState=loaded ] || systemctl daemon-reload
fi`;
}
