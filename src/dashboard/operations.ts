/** What the page asks of the API. */

export type StreamState = 'STOPPED' | 'STARTING' | 'LIVE' | 'RECOVERING' | 'STOPPING' | 'ERROR'

export interface WallStream {
  id: string
  name: string
  state: StreamState
  stateReason?: string | null
  stateSince: string
  desiredState: 'RUNNING' | 'STOPPED'
  uptimeSeconds: number | null
  source?: { kind: string; url: string | null } | null
  process: {
    cpuPercent: number | null
    memoryBytes: number | null
    fps?: number | null
    bitrateBps?: number | null
    restarts?: number | null
    measuredAt: string | null
  } | null
  tracks?: { kind: 'VIDEO' | 'AUDIO'; codec: string; width: number | null; height: number | null }[] | null
  consumerCounts?: { active: number } | null
}

export interface StreamsUpdate {
  reset: boolean
  complete: boolean
  changed: WallStream[]
  removedIds: string[]
  at: string
}

/** Without a key only what is public may be asked: everything else would be an error a message. */
export const wallSubscription = /* GraphQL */ `
  subscription Wall($withKey: Boolean!) {
    streams(intervalSeconds: 2) {
      reset
      complete
      removedIds
      at
      changed {
        id
        name
        state
        stateReason @include(if: $withKey)
        stateSince
        desiredState
        uptimeSeconds
        source @include(if: $withKey) {
          kind
          url
        }
        process {
          cpuPercent
          memoryBytes
          fps @include(if: $withKey)
          bitrateBps @include(if: $withKey)
          restarts @include(if: $withKey)
          measuredAt
        }
        tracks @include(if: $withKey) {
          kind
          codec
          width
          height
        }
      }
    }
  }
`

export const viewerQuery = /* GraphQL */ `
  query Viewer {
    viewer {
      scopes
    }
  }
`

export const createStreamMutation = /* GraphQL */ `
  mutation AddStream($input: CreateStreamInput!) {
    createStream(input: $input) {
      id
    }
  }
`

export const orderMutations = {
  START: /* GraphQL */ `
    mutation Start($id: ID!) {
      startStream(id: $id) {
        id
      }
    }
  `,
  STOP: /* GraphQL */ `
    mutation Stop($id: ID!) {
      stopStream(id: $id) {
        id
      }
    }
  `,
  RESTART: /* GraphQL */ `
    mutation Restart($id: ID!) {
      restartStream(id: $id) {
        id
      }
    }
  `,
}
export type Order = keyof typeof orderMutations
