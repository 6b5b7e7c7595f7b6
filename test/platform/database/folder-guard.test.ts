import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeFolder } from '../../../src/platform/database/folder-guard.ts'

const guardFile = fileURLToPath(new URL('../../../src/platform/database/folder-guard.ts', import.meta.url))

let folder: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-test-guard-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  rmSync(folder, { recursive: true, force: true })
})

/** A process that loads the guard, waits for a line on its standard input, takes the folder and says how that went. */
async function startTaker(): Promise<{ child: ChildProcess; take: () => Promise<string> }> {
  const script = `
    const { takeFolder } = await import(${JSON.stringify(guardFile)})
    process.stdin.once('data', () => {
      try { takeFolder(${JSON.stringify(folder)}); console.log('taken') } catch (error) { console.log(error.reason + ' ' + error.message) }
    })
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const line = async () => String((await once(child.stdout!, 'data'))[0]).trim()
  expect(await line()).toBe('ready')
  return {
    child,
    take: () => {
      const answer = line()
      child.stdin!.write('go\n')
      return answer
    },
  }
}

test('a second process is refused in words that name the pid of the first', async () => {
  const [first, second] = [await startTaker(), await startTaker()]
  expect(await first.take()).toBe('taken')
  expect(await second.take()).toContain(
    `FOLDER_IN_USE The data folder ${folder} is in use by another Weir (process ${first.child.pid})`,
  )
})

test('the same process can not take it twice either, and trying does not let others in; after giving it back it can', async () => {
  const guard = takeFolder(folder)
  expect(() => takeFolder(folder)).toThrow(`process ${process.pid}`)
  expect(await (await startTaker()).take()).toContain('FOLDER_IN_USE')
  guard.release()
  takeFolder(folder).release()
})

test('SIGKILL of the owner frees it; a stale pid that is alive as another process changes nothing', async () => {
  const first = await startTaker()
  await first.take()
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  writeFileSync(join(folder, 'lock.pid'), `${process.ppid}\n`)
  expect(await (await startTaker()).take()).toBe('taken')
})

test('of two that take it at the same instant one wins, twenty times', async () => {
  for (let round = 0; round < 20; round++) {
    const takers = await Promise.all([startTaker(), startTaker()])
    const answers = await Promise.all(takers.map((taker) => taker.take()))
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1)
    expect(answers.filter((answer) => answer.startsWith('FOLDER_IN_USE'))).toHaveLength(1)
    for (const { child } of takers) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
}, 120_000)
