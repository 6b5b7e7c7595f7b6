import type { Caller } from '../caller.ts'
import { badInput, WeirError } from '../errors.ts'
import { appendEvents } from '../events/store.ts'
import { newId, requireId } from '../ids.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { streams } from '../platform/database/tables.ts'
import { canonicalJson, once } from '../platform/idempotency.ts'
import { SealError, type SecretBox } from '../platform/secret-box.ts'
import { requireScope } from '../projects/scopes.ts'
import { needsGate } from '../sources/gate.ts'
import type { SourceRules } from '../sources/policy.ts'
import { refusalAsWritten } from '../sources/rules.ts'
import { parseLabels, parseMaxConsumers, parseName } from './input.ts'
import type { StreamSource } from './model.ts'
import { orderStream } from './order.ts'
import { changePolicy } from './policy.ts'
import { type MediaFiles, parseSource, sameSource } from './source.ts'
import { openSource, requireWhole, sealSource, withKeptSecrets } from './source-secret.ts'
import * as store from './store.ts'
import type { CreateStreamInput, StreamOrder, StreamRow, StreamService, UpdateStreamInput } from './types.ts'

const maxBulkIds = 100

export interface StreamServiceDeps {
  db: Database
  bus: Bus
  secrets: SecretBox
  files: MediaFiles
  /** The rules for the sources of a project's streams. Without it a source is looked at when it is connected to alone. */
  sourceRules?: (projectId: string) => Promise<SourceRules>
  /** Called after a commit that appended events. */
  eventsAppended: () => void
}

/** Orders about streams: each writes what is wanted and answers at once; the media nodes make it so. */
export function createStreamService(deps: StreamServiceDeps): StreamService {
  const { db, bus, secrets, files } = deps

  function announce(row: StreamRow): StreamRow {
    deps.eventsAppended()
    bus.publish('orders', row.id)
    bus.publish('streams', row.id)
    return row
  }

  async function checkSource(projectId: string, input: CreateStreamInput['source'], path: string) {
    const source = parseSource(input, path)
    if (source.kind === 'FILE') await files.resolve(source.path, `${path}.file.path`)
    if (deps.sourceRules && needsGate(source)) {
      const refusal = refusalAsWritten(source, await deps.sourceRules(projectId))
      if (refusal) throw badInput(`${path}.url.url`, refusal)
    }
    return source
  }

  /** Runs `change` on the locked row, in one transaction with its event. */
  async function changeStream(
    caller: Caller,
    id: string,
    change: (tx: Database, row: StreamRow) => Promise<StreamRow>,
  ): Promise<StreamRow> {
    const projectId = requireScope(caller, 'WRITE')
    requireId(id, 'Stream', 'id')
    const changed = await db.transaction(async (tx) => {
      const row = await store.lockStream(tx, projectId, id)
      if (!row) throw new WeirError('NOT_FOUND', 'There is no such stream.')
      return change(tx, row)
    })
    return announce(changed)
  }

  /** The source that a given one means for this stream, with the secrets that it keeps; null where it is the one that it has. */
  function changedSource(row: StreamRow, given: StreamSource): StreamSource | null {
    const stored = storedSource(row)
    const source = withKeptSecrets(given, row.source, stored, 'input.source')
    return stored && sameSource(source, stored) ? null : source
  }

  /** Null where its secrets can't be opened: sealed with a key that is gone. */
  function storedSource(row: StreamRow): StreamSource | null {
    try {
      return openSource(secrets, row)
    } catch (error) {
      if (error instanceof SealError) return null
      throw error
    }
  }

  async function create(caller: Caller, input: CreateStreamInput, idempotencyKey?: string | null): Promise<StreamRow> {
    const projectId = requireScope(caller, 'WRITE')
    const name = parseName(input.name, 'input.name')
    const labels = parseLabels(input.labels, 'input.labels')
    const maxConsumers = parseMaxConsumers(input.maxConsumers, 'input.maxConsumers')
    const recoveryPolicy = changePolicy({}, input.recovery, 'input.recovery')
    const source = await checkSource(projectId, input.source, 'input.source')
    requireWhole(source, 'input.source')
    // What is kept of the input must not tell of its secrets.
    const fingerprint = secrets.digest(canonicalJson(input), `createStream:${projectId}`)
    const row = await db.transaction(async (tx) => {
      const id = await once(
        tx,
        { projectId, mutation: 'createStream', key: idempotencyKey ?? null, input: fingerprint },
        async () => {
          const start = input.start ?? false
          const newStreamId = newId('Stream')
          const stream = await store.insertStream(tx, {
            id: newStreamId,
            projectId,
            name,
            labels,
            ...sealSource(secrets, newStreamId, source),
            maxConsumers,
            onDemand: input.onDemand ?? false,
            recoveryPolicy,
            desiredState: start ? 'RUNNING' : 'STOPPED',
            state: start ? 'STARTING' : 'STOPPED',
            startOrder: start ? 1 : 0,
            observedGeneration: start ? 0 : 1,
          })
          await appendEvents(tx, [
            {
              projectId,
              type: 'stream.created',
              subjectId: stream.id,
              actor: caller.actor,
              data: { name, sourceKind: source.kind, desiredState: stream.desiredState },
            },
          ])
          return stream.id
        },
      )
      const [stream] = await store.findStreams(tx, projectId, [id])
      return stream!
    })
    return announce(row)
  }

  async function update(caller: Caller, id: string, input: UpdateStreamInput): Promise<StreamRow> {
    const projectId = requireScope(caller, 'WRITE')
    const patch: Partial<typeof streams.$inferInsert> = {}
    if (input.name !== undefined) {
      if (input.name === null) throw badInput('input.name', 'can not be reset: every stream has a name')
      patch.name = parseName(input.name, 'input.name')
    }
    if (input.labels !== undefined) patch.labels = parseLabels(input.labels, 'input.labels')
    if (input.maxConsumers !== undefined) {
      patch.maxConsumers = parseMaxConsumers(input.maxConsumers, 'input.maxConsumers')
    }
    if (input.onDemand !== undefined) patch.onDemand = input.onDemand ?? false
    if (input.source === null) throw badInput('input.source', 'can not be reset: every stream has a source')
    const given = input.source === undefined ? null : await checkSource(projectId, input.source, 'input.source')
    return changeStream(caller, id, async (tx, row) => {
      const newSource = given && changedSource(row, given)
      const recovery = 'recovery' in input ? changePolicy(row.recoveryPolicy, input.recovery, 'input.recovery') : null
      const changed = await store.updateStream(tx, id, {
        ...patch,
        ...(recovery ? { recoveryPolicy: recovery, generation: row.generation + 1 } : {}),
        ...(newSource
          ? {
              ...sealSource(secrets, id, newSource),
              sourceTracks: null,
              startOrder: row.startOrder + 1,
              generation: row.generation + 1,
            }
          : {}),
      })
      await appendEvents(tx, [
        {
          projectId: row.projectId,
          type: 'stream.updated',
          subjectId: id,
          actor: caller.actor,
          data: {
            name: changed.name,
            changed: [...Object.keys(patch), ...(newSource ? ['source'] : []), ...(recovery ? ['recovery'] : [])],
          },
        },
      ])
      return changed
    })
  }

  async function remove(caller: Caller, id: string): Promise<StreamRow> {
    return changeStream(caller, id, async (tx, row) => {
      const changed = await store.updateStream(tx, id, {
        desiredState: 'STOPPED',
        generation: row.generation + 1,
        deletedAt: new Date(),
      })
      await appendEvents(tx, [
        {
          projectId: row.projectId,
          type: 'stream.deleted',
          subjectId: id,
          actor: caller.actor,
          data: { name: row.name },
        },
      ])
      return changed
    })
  }

  async function order(caller: Caller, id: string, what: StreamOrder): Promise<StreamRow> {
    return changeStream(caller, id, (tx, row) => orderStream(tx, row, what, caller.actor))
  }

  async function orderMany(caller: Caller, ids: string[], what: StreamOrder) {
    requireScope(caller, 'WRITE')
    if (ids.length > maxBulkIds) throw badInput('ids', `more than ${maxBulkIds} ids`)
    const answers = []
    for (const id of ids) {
      try {
        answers.push({ id, stream: await order(caller, id, what), error: null })
      } catch (error) {
        if (!(error instanceof WeirError)) throw error
        answers.push({ id, stream: null, error })
      }
    }
    return answers
  }

  return { create, update, delete: remove, order, orderMany }
}
