// The same columns of the same routers by others.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSecondsOf, memoryOf, shown } from './process-cost.ts'
import { COLUMNS, FIRST_PORT, OIDS } from './routers.ts'

const EXPORTER_PATH = '/usr/bin/prometheus-snmp-exporter'
const EXPORTER_PORT = 20_116
const VARIABLES_A_QUESTION = 48

/** Debian's exporter, which walks the columns; ten devices at once. */
export async function measureExporter(home: string, devices: number, children: ChildProcess[]): Promise<void> {
  if (!existsSync(EXPORTER_PATH)) return console.log('prometheus-snmp-exporter is not installed')
  const metrics = COLUMNS.map((oid, index) => ({
    ...{ name: `column_${index}`, oid, type: index < 2 ? 'gauge' : 'counter', help: 'column' },
    indexes: [{ labelname: 'ifIndex', type: 'gauge' }],
  }))
  const bench = {
    ...{ walk: COLUMNS, get: ['1.3.6.1.2.1.1.3.0'], metrics, version: 2, max_repetitions: 25 },
    ...{ timeout: '1s', retries: 1, auth: { community: 'public' } },
  }
  const path = join(home, 'snmp.yml')
  writeFileSync(path, JSON.stringify({ bench }))
  const args = [`--config.file=${path}`, `--web.listen-address=127.0.0.1:${EXPORTER_PORT}`]
  const child = spawn(EXPORTER_PATH, args, { stdio: 'ignore' })
  children.push(child)
  const pid = child.pid ?? 0
  await sleep(1_500)
  const startCpuS = cpuSecondsOf(pid)
  const startedMs = performance.now()
  let answered = 0
  const queue = Array.from({ length: devices }, (_, index) => FIRST_PORT + index)
  const work = async (): Promise<void> => {
    for (let port = queue.pop(); port !== undefined; port = queue.pop()) {
      const answer = await fetch(`http://127.0.0.1:${EXPORTER_PORT}/snmp?module=bench&target=127.0.0.1:${port}`)
      if (answer.ok && (await answer.text()).includes('column_7')) answered += 1
    }
  }
  await Promise.all(Array.from({ length: 10 }, work))
  const cpuS = cpuSecondsOf(pid) - startCpuS
  console.log(
    `prometheus-snmp-exporter: ${answered} devices, ${shown((1_000 * cpuS) / answered)} ms of CPU a device, ` +
      `${shown((1_000 * answered) / (performance.now() - startedMs), 0)} devices/s, ${shown(memoryOf(pid).mostMib, 0)} MiB`,
  )
  child.kill('SIGKILL')
}

const PERL = String.raw`
use strict; use SNMP; use Time::HiRes 'time';
my ($version, $first, $count, $part, @oids) = @ARGV;
$SNMP::use_numeric = 1; $SNMP::auto_init_mib = 0;
my @v3 = $version == 3 ? (SecName => 'pantau', SecLevel => 'authPriv', AuthProto => 'SHA', AuthPass => 'a-pass-phrase-1', PrivProto => 'AES', PrivPass => 'a-pass-phrase-2') : (Community => 'public');
my @sessions = map { SNMP::Session->new(DestHost => "127.0.0.1:" . ($first + $_), Version => $version, UseNumeric => 1, Timeout => 1000000, Retries => 1, @v3) } 0 .. $count - 1;
my @parts; push @parts, [splice @oids, 0, $part] while @oids;
sub round_of { my ($asked) = @_; my $answered = 0; my $next = 0; my $running = 0; my $begin; my $ask;
  $ask = sub { my ($session, $at) = @_;
    if ($at == @parts) { $answered += 1; $running -= 1; return $begin->() }
    my $list = SNMP::VarList->new(map { ['.' . $_] } @{$parts[$at]});
    $session->get($list, [sub { defined $_[0] ? $ask->($session, $at + 1) : do { $running -= 1; $begin->() } }]) };
  $begin = sub { if ($next < @$asked) { $running += 1; $ask->($asked->[$next++], 0) } elsif ($running == 0) { SNMP::finish() } };
  $begin->() for 1 .. 50; SNMP::MainLoop(); $answered }
round_of(\@sessions);
my ($from, @cpu) = (time, times); my $answered = round_of(\@sessions) + round_of(\@sessions); my @now = times;
printf "%d %f %f\n", $answered, $now[0] + $now[1] - $cpu[0] - $cpu[1], time - $from;
`

/** The C library of Net-SNMP by its own binding to Perl, asynchronous, fifty devices at once, the same questions as ours. */
export function measureNetSnmp(version: 'v2c' | 'v3', devices: number): void {
  const args = [version.slice(1, 2), FIRST_PORT, devices, VARIABLES_A_QUESTION, ...OIDS].map(String)
  const { stdout, status } = spawnSync('perl', ['-e', PERL, ...args], {
    encoding: 'utf8',
    env: { ...process.env, MIBS: '' },
  })
  if (status !== 0) {
    console.log('Net-SNMP by libsnmp-perl is not installed')
    return
  }
  const [answered = 0, cpuS = 0, overS = 0] = stdout.trim().split(' ').map(Number)
  console.log(
    `Net-SNMP ${version}: ${answered} rounds of a device, ${shown((1_000 * cpuS) / answered)} ms of CPU a device: ` +
      `${shown(answered / cpuS, 0)} devices/s a core, ${shown(answered / overS, 0)} beside the simulator`,
  )
}
