/**
 * Two machines, which are two network namespaces with a virtual cable between them, and two processes on each; the cable is cut while they train.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { root } from '../package_root.js';

// Runs in a network namespace of its own; the other one is that of a process that sleeps.
const machines = `
set -e
unshare --net sleep 120 & other=$!
trap 'kill $other' EXIT
until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do sleep 0.05; done
ip link add veth0 type veth peer name veth1
ip link set veth1 netns $other
ip address add 10.77.0.1/24 dev veth0
nsenter --net --target $other ip address add 10.77.0.2/24 dev veth1
for each in lo veth0; do ip link set $each up; done
for each in lo veth1; do nsenter --net --target $other ip link set $each up; done
if [ -z "$1" ]; then exit 0; fi
run="$1 $2 run --nnodes 2 --nproc-per-node 2 --rdzv-endpoint 10.77.0.1:29511"
GLOO_SOCKET_IFNAME=veth0 $run --node-rank 0 $3 & first=$!
GLOO_SOCKET_IFNAME=veth1 nsenter --net --target $other $run --node-rank 1 $3 & second=$!
for i in $(seq 600); do [ -e "$4/training" ] && break; sleep 0.1; done
[ -e "$4/training" ]
touch "$4/cut"
ip link set veth0 down
wait $first
wait $second
`;

const in_namespace = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(
    'unshare',
    ['--net', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), 'sh', '-c', machines, 'sh', ...args],
    {
      encoding: 'utf8',
      timeout: 150_000,
      env: { ...process.env, OMP_NUM_THREADS: '1', ...env },
    },
  );

function reason_against(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux';
  const tried = in_namespace([]);
  if (tried.error) return tried.error.message;
  return tried.status === 0 ? null : tried.stderr.trim().split('\n').at(-1)!;
}

const reason = reason_against();

it.skipIf(reason !== null)(
  `a cable that is cut while two machines train is an Error in all processes, in time${reason === null ? '' : ` (network namespaces: ${reason})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'torch-node-network-'));
    try {
      const began = Date.now();
      const command = join(root, 'scripts', 'install', 'torch-node.js');
      const script = join(root, 'tests', 'distributed', 'network_script.mjs');
      const { stdout, stderr, status } = in_namespace([process.execPath, command, script, folder], {
        TORCH_NODE_TEST_RUN: JSON.stringify({ root, folder }),
      });
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const said = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .sort((a, b) => Number(a['rank']) - Number(b['rank']));
      expect(said.map(({ rank, size, cut }) => [rank, size, cut])).toEqual([0, 1, 2, 3].map((rank) => [rank, 4, true]));
      for (const { error, steps, seconds } of said) {
        expect(error).toMatch(/imed out|timeout|closed|reset/i);
        expect(steps).toBeGreaterThanOrEqual(4);
        expect(seconds).toBeLessThan(30);
      }
      expect(Date.now() - began).toBeLessThan(140_000);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  160_000,
);
