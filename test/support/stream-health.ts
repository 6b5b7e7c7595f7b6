import type { TestStreamHealthQuery } from '../../src/client/generated/graphql.ts'
import * as documents from './documents.ts'
import { until } from './until.ts'
import type { Weir } from './weir.ts'

export type StreamHealthView = NonNullable<TestStreamHealthQuery['stream']>

/** A stream's state and health, as anybody asks for them. */
export async function healthOf(weir: Weir, id: string): Promise<StreamHealthView> {
  const { stream } = await weir.api.request(documents.TestStreamHealth, { id })
  if (!stream) throw new Error(`no stream ${id}`)
  return stream
}

/** What is wrong with it: type and track of each issue. */
export function issuesOf({ health }: StreamHealthView): string[] {
  return (health?.issues ?? []).map(nameOf)
}

/** Resolves with the stream's health once it is so. */
export async function waitForHealth(
  weir: Weir,
  id: string,
  what: string,
  isSo: (view: StreamHealthView) => boolean,
  timeoutMs = 60_000,
): Promise<StreamHealthView> {
  let last: StreamHealthView | null = null
  return until(
    `the stream's health is ${what}`,
    async () => {
      last = await healthOf(weir, id)
      return isSo(last) && last
    },
    { timeoutMs, everyMs: 200, explain: () => ({ stream: last, log: weir.lines.slice(-15) }) },
  )
}

/** Every issue that was opened since `from` (ms since the epoch), in the order in which they were. */
export async function namedSince(weir: Weir, id: string, from: number): Promise<{ at: number; issue: string }[]> {
  const events = await weir.events(id, 'stream.health_changed')
  return events
    .filter(({ at }) => at >= from)
    .flatMap(({ at, data }) => {
      const opened = data.opened as { type: string; track: string | null }[]
      return opened.map((issue) => ({ at, issue: nameOf(issue) }))
    })
}

const nameOf = ({ type, track }: { type: string; track: string | null }) => (track ? `${type} ${track}` : type)
