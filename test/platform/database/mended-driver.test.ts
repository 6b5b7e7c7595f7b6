import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { mendDriver } from '../../../src/platform/database/mended-driver.ts'

test('the places to mend are in the version that is installed', async () => {
  const path = createRequire(import.meta.url)
    .resolve('postgres')
    .replace(/cjs\/src\/index\.js$/, 'src/connection.js')
  const source = await readFile(path, 'utf8')
  expect(mendDriver(source).length).toBeGreaterThan(source.length)
  expect(() => mendDriver(mendDriver(source).replace('const x = socket', 'const y = socket'))).toThrow(
    'another version',
  )
})

/** Holds a connection, lets the server end it, and goes on using it. */
const script = `
  const { loadMendedDriver } = await import(process.argv[1])
  if (process.argv[2] === 'mended') loadMendedDriver()
  const { default: postgres } = await import('postgres')
  const [sql, other] = [1, 2].map(() => postgres(process.argv[3], { max: 1, onnotice() {} }))
  const held = await sql.reserve()
  const [{ pid }] = await held\`select pg_backend_pid() as pid\`
  await other\`select pg_terminate_backend(\${pid})\`
  const codes = []
  for (let i = 0; i < 3; i++) {
    codes.push(await held\`select 1\`.then(() => 'answered', (error) => error.code))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  held.release()
  const ask = () => sql\`select 1 as one\`.then(([row]) => row.one, () => null)
  let one = null
  for (let i = 0; i < 5 && one === null; i++) {
    one = await ask()
    await new Promise(setImmediate)
  }
  console.log(JSON.stringify({ codes, one }))
  process.exit(0)
`
const mender = new URL('../../../src/platform/database/mended-driver.ts', import.meta.url).href
const run = (how: string) =>
  promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
    mender,
    how,
    `${inject('postgresUrl')}postgres`,
  ])

test('a connection that was closed under its user rejects, and the process and its other connections live on', async () => {
  const { stdout } = await run('mended')
  const { codes, one } = JSON.parse(stdout) as { codes: string[]; one: number }
  expect(codes.every((code) => /^(57P01|CONNECTION_CLOSED|ECONNRESET)$/.test(code))).toBe(true)
  expect(one).toBe(1)
})

test('unmended it takes the process with it: as long as that is so, the mending is needed', async () => {
  await expect(run('as it comes')).rejects.toMatchObject({ stderr: expect.stringContaining("reading 'write'") })
})
