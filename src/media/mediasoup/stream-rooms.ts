import type { types } from 'mediasoup'
import { WeirError } from '../../errors.ts'
import type { PortRange } from './loopback-ports.ts'
import { layoutKey, type PayloadLayout } from './payload-layout.ts'
import { homeRoom, PipedRoom, type Room, type RoomPlace } from './room.ts'

/** Layouts of payload types that one stream is served in on a worker at a time; the browsers of today make about five. */
export const maxLayouts = 16

export interface StreamRoomsOptions {
  home: RoomPlace
  streamRouter: types.Router
  mediaPorts: PortRange
}

interface Entry {
  room: Promise<Room>
  workerPid: number
  users: number
}

/** The rooms of one stream. A piped one lives from its first session to its last: an idle one would still be fed. */
export class StreamRooms {
  readonly #options: StreamRoomsOptions
  readonly #home: Room
  readonly #piped = new Map<string, Entry>()

  constructor(options: StreamRoomsOptions) {
    this.#options = options
    this.#home = homeRoom(options.home, options.streamRouter)
  }

  /**
   * A room at this place with these payload types (null: the stream's own), and the way to leave it, to be called once. Throws
   * CAPACITY_EXCEEDED.
   */
  async enter(place: RoomPlace, layout: PayloadLayout | null): Promise<{ room: Room; leave: () => void }> {
    const workerPid = place.running.worker.pid
    if (layout === null && workerPid === this.#options.home.running.worker.pid) {
      return { room: this.#home, leave() {} }
    }
    const key = `${workerPid} ${layout ? layoutKey(layout) : ''}`
    const entry = this.#piped.get(key) ?? this.#open(key, place, layout)
    entry.users++
    const leave = () => this.#leave(key, entry)
    try {
      return { room: await entry.room, leave }
    } catch (error) {
      leave()
      throw error
    }
  }

  #open(key: string, place: RoomPlace, layout: PayloadLayout | null): Entry {
    const workerPid = place.running.worker.pid
    const there = [...this.#piped.values()].filter((entry) => entry.workerPid === workerPid)
    if (there.length >= maxLayouts) {
      throw new WeirError('CAPACITY_EXCEEDED', 'The stream is being watched in too many layouts of payload types.', {
        needed: 1,
        available: 0,
      })
    }
    const { streamRouter, mediaPorts } = this.#options
    const entry = { room: PipedRoom.open({ place, layout, streamRouter, mediaPorts }), workerPid, users: 0 }
    this.#piped.set(key, entry)
    return entry
  }

  #leave(key: string, entry: Entry): void {
    if (--entry.users > 0) return
    if (this.#piped.get(key) === entry) this.#piped.delete(key)
    entry.room.then(
      (room) => room.close(),
      () => {},
    )
  }
}
