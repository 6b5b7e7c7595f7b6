import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import type { WatchLogSubscription } from '../../src/client/generated/graphql.ts'
import { appendEvents, numberEvents, readLogBounds } from '../../src/events/store.ts'
import type { GraphqlDeps } from '../../src/http/graphql.ts'
import { newId } from '../../src/ids.ts'
import { eventLog, events } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { type Message, nextData, operate } from '../support/api-server.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { bareSocket, type LogServer, logEvent, startLogServer } from '../support/log-client.ts'
import { addEvents, addStream } from '../support/rows.ts'

const WatchLog = graphql(/* GraphQL */ `
  subscription WatchLog($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) {
      __typename
      ... on Event {
        id
        cursor
        type
        subjectId
        data
        subject {
          id
        }
      }
      ... on Checkpoint {
        cursor
        at
        caughtUp
      }
      ... on Gap {
        missed
        cursor
      }
    }
  }
`)

/** Without what is read beside each event. */
const ReadLog = graphql(/* GraphQL */ `
  subscription ReadLog($filter: EventFilter, $after: String) {
    events(filter: $filter, after: $after) {
      __typename
      ... on Event {
        cursor
        subjectId
      }
    }
  }
`)

const ListLog = graphql(/* GraphQL */ `
  query ListLog {
    events(direction: ASC, first: 100) {
      nodes {
        id
        cursor
      }
    }
  }
`)

type LogMessage = WatchLogSubscription['events']
type Messages = AsyncIterableIterator<Message<WatchLogSubscription>>

describeOnBothDatabases('Subscription.events', (database) => {
  let api: TestApi
  let node: LogServer
  let key: string

  beforeEach(async () => {
    await database().db.delete(events)
    await database().db.update(eventLog).set({ lastCursor: 0, firstCursor: 1 })
    api = await createTestApi(database())
    key = api.key('READ')
    node = await startLogServer(api, database().db)
  })
  afterEach(() => node.close())

  async function restart(changes: Partial<GraphqlDeps> = {}): Promise<void> {
    await node.close()
    node = await startLogServer(api, database().db, changes)
  }
  const watch = (variables: { filter?: object; after?: string } = {}): Messages =>
    operate(node.server.client(key), WatchLog, variables)
  const next = async (messages: Messages): Promise<LogMessage> => (await nextData(messages)).events
  const own = (subjectId: string) => logEvent(api.projectId, subjectId)

  /** The next so many events, checkpoints left out. */
  async function nextEvents(messages: Messages, count: number) {
    const seen = []
    while (seen.length < count) {
      const message = await next(messages)
      if (message.__typename === 'Event') seen.push(message)
      else expect(message.__typename).toBe('Checkpoint')
    }
    return seen
  }

  test('a checkpoint first, then what happens from now on, with the cursors and ids of the list', async () => {
    await node.append(own('before'))
    await eventually(async () => expect((await readLogBounds(database().db)).lastCursor).toBe(1))
    const stream = await addStream(database().db, api.projectId)
    const messages = watch()
    expect(await next(messages)).toEqual({
      __typename: 'Checkpoint',
      cursor: '1',
      at: expect.any(String),
      caughtUp: true,
    })
    await node.append(own('a'), { ...own('b'), subjectId: stream.id } as never)
    const [a, b] = await nextEvents(messages, 2)
    expect(a).toMatchObject({ cursor: '2', type: 'node.stopped', subjectId: 'a', data: { name: 'a' }, subject: null })
    expect(b).toMatchObject({ cursor: '3', subject: { id: stream.id } })
    const list = await api.query(ListLog)
    expect(list.data!.events!.nodes.slice(1)).toEqual([a, b].map((event) => ({ id: event!.id, cursor: event!.cursor })))
  })

  test('after a break, and a restart of the server: what was missed, then what comes, and caughtUp between', async () => {
    const first = watch()
    await next(first)
    await node.append(own('1'), own('2'))
    const seen = await nextEvents(first, 2)
    await restart()
    await node.append(own('3'), own('4'))
    await eventually(async () => expect((await readLogBounds(database().db)).lastCursor).toBe(4))
    const messages = watch({ after: seen.at(-1)!.cursor })
    expect(await next(messages)).toMatchObject({ __typename: 'Checkpoint', cursor: '2', caughtUp: false })
    expect(await next(messages)).toMatchObject({ subjectId: '3' })
    expect(await next(messages)).toMatchObject({ subjectId: '4' })
    expect(await next(messages)).toMatchObject({ __typename: 'Checkpoint', cursor: '4', caughtUp: true })
    await node.append(own('5'))
    expect(await next(messages)).toMatchObject({ subjectId: '5', cursor: '5' })
  })

  test('a page and more of the past, in order, by a filter too', async () => {
    const stream = await addStream(database().db, api.projectId)
    for (let i = 0; i < 3; i++) {
      await addEvents(database().db, stream, 400)
      await addEvents(database().db, { ...stream, id: newId('Stream') }, 2)
    }
    const client = node.server.client(key)
    const all = await nextEvents(operate(client, ReadLog, { after: '0' }) as Messages, 1206)
    expect(all.map(({ cursor }) => Number(cursor))).toEqual(Array.from({ length: 1206 }, (_, i) => i + 1))
    const filtered = operate(client, ReadLog, { after: '5', filter: { subjectId: stream.id } }) as Messages
    const some = await nextEvents(filtered, 1195)
    expect(some.map(({ subjectId }) => subjectId)).toEqual(Array.from({ length: 1195 }, () => stream.id))
    expect(new Set(some.map(({ cursor }) => cursor)).size).toBe(1195)
  })

  test('filters: by type, by subject, never another project', async () => {
    const messages = watch({ filter: { types: ['node.stopped'], subjectId: newIdOf('a') } })
    await next(messages)
    await node.append(
      { ...own(newIdOf('a')), type: 'node.started', data: { name: 'x', version: '1' } } as never,
      own(newIdOf('b')),
      logEvent('project_other', newIdOf('a')),
      own(newIdOf('a')),
    )
    expect(await next(messages)).toMatchObject({ __typename: 'Event', cursor: '4', subjectId: newIdOf('a') })
    const none = watch({ filter: { types: [] }, after: '0' })
    expect(await next(none)).toMatchObject({ caughtUp: false })
    expect(await next(none)).toMatchObject({ __typename: 'Checkpoint', cursor: '4', caughtUp: true })
  })

  test('a quiet filter gets checkpoints whose cursor goes on with the log', async () => {
    await restart({ logLimits: { checkpointEveryMs: 20 } })
    const messages = watch({ filter: { types: ['key.revoked'] } })
    expect(await next(messages)).toMatchObject({ cursor: '0' })
    await node.append(own('something else'))
    let last: LogMessage
    do last = await next(messages)
    while (last.__typename === 'Checkpoint' && last.cursor === '0')
    expect(last).toMatchObject({ __typename: 'Checkpoint', cursor: '1', caughtUp: true })
  })

  test('a Gap where the log no longer reaches back, then the rest', async () => {
    await appendEvents(database().db, ['1', '2', '3', '4'].map(own))
    await numberEvents(database().db)
    await database().db.delete(events).where(eq(events.subjectId, '1'))
    await database().db.delete(events).where(eq(events.subjectId, '2'))
    await database().db.delete(events).where(eq(events.subjectId, '3'))
    await database().db.update(eventLog).set({ firstCursor: 4 })
    const messages = watch({ after: '1' })
    expect(await next(messages)).toMatchObject({ __typename: 'Checkpoint', cursor: '1', caughtUp: false })
    expect(await next(messages)).toEqual({ __typename: 'Gap', missed: 2, cursor: '3' })
    expect(await next(messages)).toMatchObject({ __typename: 'Event', subjectId: '4' })
    const atTheEdge = watch({ after: '3' })
    await next(atTheEdge)
    expect(await next(atTheEdge)).toMatchObject({ __typename: 'Event', subjectId: '4' })
  })

  test.each([
    ['in the future', { after: '1' }, 'after'],
    ['no number', { after: 'yesterday' }, 'after'],
    ['negative', { after: '-1' }, 'after'],
    ['no type of event', { filter: { types: ['nothing.happened'] } }, 'filter.types.0'],
    ['no id', { filter: { subjectId: '' } }, 'filter.subjectId'],
  ])('BAD_USER_INPUT: %s', async (_, variables, path) => {
    const { value } = await watch(variables).next()
    expect(value.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }])
  })

  test('needs READ; a key that is revoked loses it though nothing happens', async () => {
    const strange = await operate(node.server.client(null), WatchLog, {}).next()
    expect(strange.value.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    const weak = await operate(node.server.client(api.key()), WatchLog, {}).next()
    expect(weak.value.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])

    let passed = 0
    await restart({ now: () => Date.now() + passed, logLimits: { checkpointEveryMs: 3_600_000 } })
    const messages = watch()
    await next(messages)
    api.revoke(key)
    passed = 60_000
    await node.append(own('wakes it'))
    expect((await messages.next()).value.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })

  test('writers whose transactions commit out of order, and a reader that reconnects: every event once, in order', async () => {
    const writers = 8
    const transactions = 12
    const expected = new Set<string>()
    let writing = writers
    const seen: { cursor: string; subjectId: string | null }[] = []
    const reading = (async () => {
      let after = '0'
      let breaks = 0
      while (writing > 0 || seen.length < expected.size) {
        // A new connection every few messages, a new server now and then.
        if (++breaks % 7 === 0) await restart()
        const client = node.server.client(key)
        const messages = operate(client, WatchLog, { after })
        for (let taken = 0; taken < 1 + (breaks % 5); ) {
          const message = await next(messages)
          after = message.cursor
          if (message.__typename === 'Event') seen.push(message)
          if (message.__typename === 'Event' || (message as { caughtUp: boolean }).caughtUp) taken++
          if (writing === 0 && seen.length >= expected.size) break
        }
        await client.dispose()
      }
    })()
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let n = 0; n < transactions; n++) {
          const ids = [`${writer}.${n}.0`, `${writer}.${n}.1`]
          const commits = (writer + n) % 5 !== 0
          await database()
            .db.transaction(async (tx) => {
              await appendEvents(tx, ids.map(own))
              await new Promise((resolve) => setTimeout(resolve, (writer * 7 + n * 3) % 17))
              if (!commits) throw new Error('rolled back')
            })
            .catch((error: Error) => expect(error.message).toBe('rolled back'))
          if (commits) for (const id of ids) expected.add(id)
          node.numbering.wake()
        }
        writing--
        await node.append(own(`end ${writer}`))
      }).map((done, writer) => done.then(() => expected.add(`end ${writer}`))),
    )
    for (let writer = 0; writer < writers; writer++) expected.add(`end ${writer}`)
    await reading
    expect(seen.map(({ cursor }) => Number(cursor))).toEqual(seen.map((_, i) => i + 1))
    expect(seen.map(({ subjectId }) => subjectId).sort()).toEqual([...expected].sort())
  }, 120_000)

  test('a subscriber that does not read loses its operation with a cursor; others hear at once, and no memory fills', async () => {
    await restart({ logLimits: { slowAfterMs: 100 } })
    const slow = await bareSocket(node.server, key)
    const query =
      'subscription($after: String) { events(after: $after) { __typename ... on Event { cursor data } ... on Checkpoint { cursor } } }'
    slow.send({ id: 'slow', type: 'subscribe', payload: { query } })
    expect(await slow.next()).toMatchObject({ type: 'next' })
    slow.socket.pause()
    const quick = watch()
    await next(quick)
    // More than the kernel's buffers hold.
    const count = 1600
    const padding = 'x'.repeat(20_000)
    for (let i = 0; i < count; i += 50) {
      const batch = Array.from({ length: 50 }, () => logEvent(api.projectId, 'subject', padding))
      await node.append(...batch)
      await nextEvents(quick, 50)
    }
    expect(node.server.waitingBytes()).toBeLessThan(200_000)

    slow.socket.resume()
    const cursors: number[] = []
    let end: { payload?: unknown }
    for (;;) {
      const frame = await slow.next()
      if (frame.type === 'error') {
        end = frame
        break
      }
      const { data } = frame.payload as { data: { events: LogMessage } }
      if (data.events.__typename === 'Event') cursors.push(Number(data.events.cursor))
    }
    expect(cursors.length).toBeGreaterThan(0)
    expect(cursors.length).toBeLessThan(count - 1000)
    const last = cursors.at(-1)!
    expect(end.payload).toMatchObject([{ extensions: { code: 'SLOW_SUBSCRIBER', cursor: String(last) } }])

    // The socket lives, and by the cursor nothing is lost.
    slow.send({ id: 'again', type: 'subscribe', payload: { query, variables: { after: String(last) } } })
    while (cursors.length < count) {
      const { data } = (await slow.next()).payload as { data: { events: LogMessage } }
      if (data.events.__typename === 'Event') cursors.push(Number(data.events.cursor))
    }
    expect(cursors).toEqual(Array.from({ length: count }, (_, i) => i + 1))
    slow.socket.terminate()
  }, 60_000)

  test('over SSE: resumed by cursor, and what ends it is the last message', async () => {
    let passed = 0
    await restart({ now: () => Date.now() + passed })
    await node.append(own('one'), own('two'))
    await eventually(async () => expect((await readLogBounds(database().db)).lastCursor).toBe(2))
    const response = await node.api.graphql.fetch('http://weir.test/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${key}`,
      },
      body: JSON.stringify({ query: WatchLog.toString(), variables: { after: '1' } }),
    })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('"subjectId":"two"')) text += (await reader.read()).value
    expect(text).not.toContain('"subjectId":"one"')
    api.revoke(key)
    passed = 60_000
    await node.append(own('three'))
    for (let end = false; !end; ) {
      const { value, done } = await reader.read()
      text += value ?? ''
      end = done
    }
    expect(text).toContain('UNAUTHENTICATED')
    expect(text).toContain('event: complete')
  })

  test('one follower for all, gone with the last (the numbering listens on)', async () => {
    const { db } = database()
    const all = Array.from({ length: 50 }, () => watch())
    for (const messages of all) await next(messages)
    const { statements } = await database().countStatements(async () => {
      await appendEvents(db, [own('one')])
      node.numbering.wake()
      for (const messages of all) expect((await nextEvents(messages, 1))[0]!.subjectId).toBe('one')
    })
    expect(statements.filter((sql) => sql.includes('"events"')).length).toBeLessThan(10)
    for (const messages of all) await messages.return?.()
    await eventually(() => expect(api.listeners()).toBe(1))
  })
})

function newIdOf(letter: string): string {
  return `stream_01h455vb4pex5vsknk084sn02${letter === 'a' ? 'q' : 'r'}`
}
