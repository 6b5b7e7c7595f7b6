import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { adminKey } from '../../test/support/weir.ts'

const query = `
  subscription SoakLog($after: String) {
    events(after: $after) {
      __typename
      ... on Event { cursor }
      ... on Checkpoint { cursor }
      ... on Gap { cursor missed }
    }
  }
`

interface Message {
  __typename: 'Event' | 'Checkpoint' | 'Gap'
  cursor: string
}

/** Follows the log by subscription to the end, and goes on after the last cursor when the connection breaks. */
export class LogSubscriber implements AsyncDisposable {
  /** Of every event, in the order in which they came. */
  readonly cursors: string[] = []
  gaps = 0
  readonly breaks: string[] = []
  #after: string
  #ended = false
  readonly #client
  readonly #done: Promise<void>

  constructor(url: string, after: string) {
    this.#after = after
    this.#client = createClient({
      url: `${url.replace(/^http/, 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${adminKey}` },
      retryAttempts: 0,
    })
    this.#done = this.#follow()
  }

  async #follow(): Promise<void> {
    while (!this.#ended) {
      const closed = await new Promise<unknown>((resolve) => {
        this.#client.subscribe<{ events: Message }>(
          { query, variables: { after: this.#after } },
          {
            next: ({ data, errors }) => {
              if (errors) resolve(errors)
              else if (data) this.#take(data.events)
            },
            error: resolve,
            complete: () => resolve('complete'),
          },
        )
      })
      if (this.#ended) return
      if (this.breaks.length < 1000) this.breaks.push(`${new Date().toISOString()} ${JSON.stringify(closed)}`)
      await pause(500)
    }
  }

  #take({ __typename, cursor }: Message): void {
    this.#after = cursor
    if (__typename === 'Event') this.cursors.push(cursor)
    if (__typename === 'Gap') this.gaps += 1
  }

  /** How it differs from the log itself, in sentences; nothing where it does not. */
  differencesFrom(cursors: readonly string[]): string[] {
    const told = new Set(this.cursors)
    const missing = cursors.filter((cursor) => !told.has(cursor)).length
    const twice = this.cursors.length - told.size
    const inOrder = cursors.filter((cursor) => told.has(cursor)).every((cursor, at) => cursor === this.cursors[at])
    return [
      ...(missing > 0 ? [`the subscription missed ${missing} of ${cursors.length} events`] : []),
      ...(twice > 0 ? [`the subscription told ${twice} events twice`] : []),
      ...(missing === 0 && twice === 0 && !inOrder ? ['the subscription told events in another order'] : []),
      ...(this.gaps > 0 ? [`the subscription told of ${this.gaps} gaps`] : []),
    ]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    await this.#client.dispose()
    await this.#done
  }
}
