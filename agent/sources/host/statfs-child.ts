// A small process of its own for filesystems whose server may be dead: statfs then never returns, and what waits for it is
// lost. One path a line in, one answer a line out; sizes as text, for they may be beyond 2^53.
import { statfs } from 'node:fs/promises'
import { createInterface } from 'node:readline'

createInterface({ input: process.stdin })
  .on('line', line => {
    const path: string = JSON.parse(line)
    const say = (answer: object): void => void process.stdout.write(`${JSON.stringify({ path, ...answer })}\n`)
    statfs(path, { bigint: true }).then(
      ({ bsize, blocks, bfree, bavail, files, ffree }) => {
        const status = Object.entries({ bsize, blocks, bfree, bavail, files, ffree })
        say({ status: Object.fromEntries(status.map(([name, value]) => [name, String(value)])) })
      },
      () => say({ failed: true }),
    )
  })
  // Not process.exit(): it would wait for the threads that hang.
  .on('close', () => process.kill(process.pid, 'SIGKILL'))
