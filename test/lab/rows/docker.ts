import { CONTROLLER } from './controller.ts';
import type { Row } from './row.ts';

/** Two images in one tar, as `docker save` writes it. */
const PAIR = `for tag in a b; do docker import --change "LABEL pair=$tag" /var/lib/xrun/busybox.tar pair:$tag; done
docker save --output /srv/pair.tar pair:a pair:b; docker image rm pair:a pair:b`;

/** What Docker keeps. */
export const DOCKER: Row[] = [
  {
    // Before any container: the first restart stops them.
    task: { docker_daemon: { options: { 'log-opts': { 'max-size': '10m' }, 'live-restore': true } } },
    ask: "tr -d ' \\n' < /etc/docker/daemon.json; docker info --format ' {{.LiveRestoreEnabled}}'",
    answer: '{"log-opts":{"max-size":"10m"},"live-restore":true} true',
    drift: {
      by: 'sed -i s/10m/20m/ /etc/docker/daemon.json',
      tells: { '/etc/docker/daemon.json': ['"20m"', '"10m"'], 'docker.service': ['with the old options', 'restarted'] },
    },
  },
  {
    task: {
      docker_image: {
        name: 'nine:1',
        source: 'import',
        load_path: '/var/lib/xrun/busybox.tar',
        changes: ['CMD ["sh"]'],
      },
    },
    ask: "docker image inspect nine:1 --format '{{.Config.Cmd}}'",
    answer: '[sh]',
    drift: {
      by: 'tar -C /srv -cf - app.ini | docker import - nine:1',
      tells: { 'image nine:1': ['sha256:', 'imported from /var/lib/xrun/busybox.tar'] },
    },
  },
  {
    title: 'two saved ones',
    given: PAIR,
    task: { docker_image: { name: 'pair:a', load_path: '/srv/pair.tar' } },
    ask: "docker image ls pair --format '{{.Tag}}' | sort",
    answer: 'a\nb',
    drift: {
      by: 'docker image rm pair:b; docker tag pair:a pair:b',
      tells: { 'image pair:b': ['sha256:', 'loaded from /srv/pair.tar, sha256:'] },
    },
  },
  {
    title: "a tar of the controller's",
    task: { docker_image: { name: 'eight:1', source: 'import', src: `${CONTROLLER}/root.tar` } },
    ask: "docker image inspect eight:1 --format '{{len .RootFS.Layers}}'; ls -A /var/tmp | grep -c xrun",
    answer: '1\n0',
    drift: { by: 'docker tag nine:1 eight:1', tells: { 'image eight:1': ['sha256:', 'imported from'] } },
  },
  {
    task: {
      docker_network: {
        name: 'n9',
        subnet: '10.96.0.0/24',
        gateway: '10.96.0.1',
        driver_options: { 'com.docker.network.bridge.name': 'docker9' },
        recreate: true,
      },
    },
    ask: "docker network inspect n9 --format '{{.Driver}} {{(index .IPAM.Config 0).Subnet}}'",
    answer: 'bridge 10.96.0.0/24',
    drift: {
      by: 'docker network rm n9; docker network create -o com.docker.network.bridge.name=docker9 --subnet 10.95.0.0/24 --gateway 10.95.0.1 n9',
      tells: { 'n9 subnet': ['10.95.0.0/24', '10.96.0.0/24'] },
    },
  },
  {
    task: {
      docker_volume: {
        name: 'v9',
        driver_options: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' },
        labels: { app: 'nine' },
        recreate: 'options-changed',
      },
    },
    ask: "docker volume inspect v9 --format '{{.Driver}} {{.Options.o}} {{.Labels.app}}'; docker volume ls -q | grep -c xrun-new",
    answer: 'local size=1m nine\n0',
    drift: {
      by: 'docker volume rm v9; docker volume create --label app=ten v9',
      tells: {
        'v9 driver_options': ['', 'device=tmpfs o=size=1m type=tmpfs'],
        'v9 labels': ['app=ten', 'app=nine'],
        'volume v9 content': ['kept', 'lost'],
      },
    },
  },
  {
    task: {
      docker_container: { name: 'c8', image: 'xrun/busybox:1', command: ['sleep', '100000'], env: { LEVEL: 'debug' } },
    },
    ask: "docker inspect c8 --format '{{.State.Status}} {{.Config.Cmd}}'; docker exec c8 sh -c 'echo $LEVEL'",
    answer: 'running [sleep 100000]\ndebug',
    drift: {
      by: 'docker rm -f c8; docker run -d --name c8 -e LEVEL=info xrun/busybox:1 sleep 100000',
      tells: { 'c8 env': ['LEVEL=info', 'LEVEL=debug'] },
    },
  },
  {
    title: 'stopped by hand',
    given: 'docker create --name c7 xrun/busybox:1 sleep 100000',
    task: { docker_container: { name: 'c7' } },
    ask: "docker inspect c7 --format '{{.State.Status}}'",
    answer: 'running',
    drift: { by: 'docker stop -t 0 c7', tells: { 'c7 state': ['exited', 'running'] } },
  },
];
