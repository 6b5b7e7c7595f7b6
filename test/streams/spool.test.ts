import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unknownHealth } from '../../src/health/model.ts'
import { newId } from '../../src/ids.ts'
import { claimLease, freeLeases, leaseGroups } from '../../src/nodes/leases-store.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { openSpoolFile } from '../../src/platform/spool-file.ts'
import { insertProject } from '../../src/projects/store.ts'
import { createRunnerStore, type RunnerStore, type StateReport } from '../../src/streams/runner-store.ts'
import { Spool } from '../../src/streams/spool.ts'
import { entryOf, type SpoolEntry, type Spooled, withinLimits } from '../../src/streams/spool-entries.ts'
import { spooledStore, writeSpooled } from '../../src/streams/spooled-store.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addMediaNode, addStream } from '../support/rows.ts'

const reportOf = (state: StateReport['view']['state'], at: number): StateReport => ({
  view: { state, cause: null, reason: null },
  observedGeneration: 1,
  running: true,
  restarts: 0,
  lastExit: null,
  health: unknownHealth,
  attempts: [],
  at,
})
const entry = (streamId: string, at: number, healthOnly = false): SpoolEntry => ({
  kind: 'STATE',
  streamId,
  token: 1,
  at,
  report: reportOf('LIVE', at),
  healthOnly,
})
const away = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })

test('within its limits all stays; beyond them the oldest go, changes of health alone first, and the order stays', () => {
  const spooled = fc.array(fc.record({ healthOnly: fc.boolean(), bytes: fc.integer({ min: 10, max: 1000 }) }), {
    maxLength: 200,
  })
  const limits = fc.record({ entries: fc.integer({ min: 1, max: 150 }), bytes: fc.integer({ min: 1000, max: 50_000 }) })
  fc.assert(
    fc.property(spooled, limits, (given, limit) => {
      const all: Spooled[] = given.map(({ healthOnly, bytes }, at) => ({ entry: entry('s', at, healthOnly), bytes }))
      const bytesOf = (some: readonly Spooled[]) => some.reduce((sum, { bytes }) => sum + bytes, 0)
      const kept = withinLimits(all, limit)
      expect(kept.length).toBeLessThanOrEqual(limit.entries)
      expect(bytesOf(kept)).toBeLessThanOrEqual(limit.bytes)
      if (all.length <= limit.entries && bytesOf(all) <= limit.bytes) expect(kept).toBe(all)
      expect([...kept].sort((a, b) => a.entry.at - b.entry.at)).toEqual(kept)
      const isHealth = ({ entry: one }: Spooled) => one.kind === 'STATE' && one.healthOnly
      const gone = all.filter((one) => !kept.includes(one))
      // A change of state goes only when there is no change of health left.
      if (gone.some((one) => !isHealth(one))) expect(kept.some(isHealth)).toBe(false)
      for (const health of [true, false]) {
        const last = Math.max(-1, ...gone.filter((one) => isHealth(one) === health).map((one) => one.entry.at))
        expect(kept.filter((one) => isHealth(one) === health).every((one) => one.entry.at > last)).toBe(true)
      }
    }),
  )
})

test('a line that was cut off is left out', () => {
  const line = JSON.stringify(entry('s', 1))
  expect(entryOf(line)).toEqual(entry('s', 1))
  for (let length = 0; length < line.length; length++) expect(entryOf(line.slice(0, length))).toBeNull()
})

describe('the spool', () => {
  async function aSpool(write: (entry: SpoolEntry) => Promise<boolean>, folder?: string) {
    const path = join(folder ?? (await mkdtemp(join(tmpdir(), 'weir-spool-'))), 'observed.jsonl')
    const limits = { entries: 20, bytes: 1_000_000 }
    return { path, spool: new Spool({ file: openSpoolFile(path), write, logger: silentLogger, limits }) }
  }

  test('writes in order once the database is back, and the file is empty then', async () => {
    let isAway = true
    const written: number[] = []
    const { spool, path } = await aSpool(async ({ at }) => {
      if (isAway) throw away()
      written.push(at)
      return true
    })
    for (let at = 0; at < 5; at++) spool.add(entry('s', at))
    await spool.flush()
    expect([written, spool.size, spool.holds('s'), spool.holds('t')]).toEqual([[], 5, true, false])
    isAway = false
    await spool.stop()
    expect([written, spool.size]).toEqual([[0, 1, 2, 3, 4], 0])
    expect(await readFile(path, 'utf8')).toBe('')
    await rm(join(path, '..'), { recursive: true })
  })

  test('what a process that died has left is written by the next, as far as it went', async () => {
    const { spool, path } = await aSpool(async () => {
      throw away()
    })
    for (let at = 0; at < 30; at++) spool.add(entry('s', at, at % 2 === 0))
    await spool.stop()
    const left = spool.size
    expect(left).toBeLessThanOrEqual(20)
    const written: number[] = []
    const next = await aSpool(
      async ({ at }) => {
        written.push(at)
        return true
      },
      join(path, '..'),
    )
    await next.spool.start()
    await next.spool.stop()
    expect(written).toHaveLength(left)
    expect(written).toEqual([...written].sort((a, b) => a - b))
    expect(written).toContain(29)
    await rm(join(path, '..'), { recursive: true })
  })

  test('what can never be written holds up nothing', async () => {
    const { spool, path } = await aSpool(async ({ at }) => {
      if (at === 1) throw new Error('no such column')
      return at !== 2
    })
    for (let at = 0; at < 4; at++) spool.add(entry('s', at))
    await spool.stop()
    expect(spool.size).toBe(0)
    await rm(join(path, '..'), { recursive: true })
  })
})

describeOnBothDatabases('what is spooled', (database) => {
  async function aRunner() {
    const { db } = database()
    const project = await insertProject(db, { id: newId('Project'), name: 'test' })
    const node = await addMediaNode(db)
    const row = await addStream(db, project.id, { desiredState: 'RUNNING', state: 'LIVE', mediaNodeId: node.id })
    const token = (await claimLease(db, row.id, node.id))!
    const direct = createRunnerStore(db, row.id, { nodeId: node.id, token })
    let isAway = true
    const throwing: RunnerStore = {
      ...direct,
      load: async () => (isAway ? Promise.reject(away()) : direct.load()),
      saveState: async (...args) => (isAway ? Promise.reject(away()) : direct.saveState(...args)),
    }
    const path = join(await mkdtemp(join(tmpdir(), 'weir-spool-')), 'observed.jsonl')
    const spool = new Spool({
      file: openSpoolFile(path),
      write: (one) => writeSpooled(throwing, one),
      logger: silentLogger,
    })
    const store = spooledStore(throwing, spool, { streamId: row.id, nodeId: node.id, token })
    return { db, row, node, token, spool, store, path, back: () => (isAway = false) }
  }
  const at = Date.parse('2026-01-02T03:04:05.678Z')

  test('counts as written, and comes with its own time', async () => {
    const { db, row, spool, store, path, back } = await aRunner()
    const recovering = await store.saveState(row, { ...reportOf('RECOVERING', at) })
    expect(recovering).toMatchObject({ state: 'RECOVERING', stateSince: new Date(at), mediaNodeId: row.mediaNodeId })
    const live = await store.saveState(recovering!, reportOf('LIVE', at + 1000))
    expect(live).toMatchObject({ state: 'LIVE', stateSince: new Date(at + 1000) })
    await expect(store.load()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    back()
    // Whoever reads first sees what was spooled before.
    expect((await store.load())!.row).toMatchObject({ state: 'LIVE', stateSince: new Date(at + 1000) })
    const told = await db.query.events.findMany({ where: { subjectId: row.id }, orderBy: { position: 'asc' } })
    expect(told.map(({ data, at: when }) => [data.from, data.to, when.getTime()])).toEqual([
      ['LIVE', 'RECOVERING', at],
      ['RECOVERING', 'LIVE', at + 1000],
    ])
    await spool.stop()
    await rm(join(path, '..'), { recursive: true })
  })

  test('is refused where another node has taken over meanwhile', async () => {
    const { db, row, node, spool, store, path, back } = await aRunner()
    await store.saveState(row, reportOf('ERROR', at))
    const [group] = (await leaseGroups(db, 1000)).filter(({ ownerNodeId }) => ownerNodeId === node.id)
    expect(await freeLeases(db, group!, 10)).toEqual([row.id])
    expect(await claimLease(db, row.id, newId('MediaNode'))).not.toBeNull()
    back()
    await spool.stop()
    expect(spool.size).toBe(0)
    expect((await store.load())!.row.state).toBe('LIVE')
    expect(await db.query.events.findMany({ where: { subjectId: row.id } })).toEqual([])
    await rm(join(path, '..'), { recursive: true })
  })
})
