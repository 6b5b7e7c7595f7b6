import type { types } from 'mediasoup'
import * as sdpTransform from 'sdp-transform'
import { ifMatchAllows } from '../../consumers/if-match.ts'
import type { WhepPatched } from '../../consumers/media.ts'
import { WeirError } from '../../errors.ts'
import { parseIceFragment } from './ice-fragment.ts'
import type { Session } from './session.ts'
import type { Track } from './track.ts'
import { announcedCandidates, sdpCandidates, writeWhepAnswer } from './whep-answer.ts'
import type { OfferedCodec, WhepOffer } from './whep-offer.ts'

/** Earlier ICE user names of a player that are remembered: what is sent late is told from a restart. */
const maxEarlierUfrags = 16

/** What WHEP knows of a session beside it: its answer, and whose ICE credentials hold. */
export class WhepSession {
  readonly session: Session
  readonly answer: string
  readonly #offer: WhepOffer
  readonly #mids: string[]
  readonly #announcedAddresses: string[]
  /** The newest last. */
  readonly #ufrags: string[]

  constructor(
    session: Session,
    offer: WhepOffer,
    chosen: Map<number, OfferedCodec>,
    tracks: Track[],
    of: { streamId: string; announcedAddresses: string[] },
  ) {
    const byKind = new Map(tracks.map((track) => [track.kind, track.rtpParameters]))
    const sent = new Map<number, types.RtpParameters>()
    for (const [index, { kind }] of chosen) {
      const rtpParameters = byKind.get(kind)
      if (rtpParameters) sent.set(index, rtpParameters)
    }
    const { iceParameters, iceCandidates, dtlsParameters } = session.transport
    this.session = session
    this.#offer = offer
    this.#mids = [...sent.keys()].map((index) => offer.media[index]!.mid)
    this.#announcedAddresses = of.announcedAddresses
    this.#ufrags = [offer.iceUfrag]
    this.answer = writeWhepAnswer(offer, {
      sessionId: crypto.getRandomValues(new Uint32Array(1))[0]!,
      ...of,
      iceParameters,
      iceCandidates,
      dtlsParameters,
      sent,
    })
  }

  /** Names the ICE session as it is now, as an HTTP entity tag, quotes and all. */
  get etag(): string {
    return `"${this.session.transport.iceParameters.usernameFragment}"`
  }

  /**
   * A player's ICE fragment: new credentials restart ICE and are answered, others are null. OUTDATED where `ifMatch` is there and does not name the
   * ICE session as it is now. Throws BAD_USER_INPUT, and CONFLICT for what belongs to an ICE session before this one.
   */
  async patch(text: string, ifMatch: string | null): Promise<WhepPatched> {
    const { iceUfrag } = parseIceFragment(
      text,
      this.#offer.media.map(({ mid }) => mid),
    )
    if (ifMatch !== null && !ifMatchAllows(ifMatch, this.etag)) return 'OUTDATED'
    if (iceUfrag === this.#ufrags.at(-1)) {
      // `*` is for restarts alone: this one was done, and its answer has been lost on the way.
      const isSaidAgain = ifMatch?.trim() === '*' && this.#ufrags.length > 1
      return isSaidAgain ? this.#restarted(this.session.transport.iceParameters) : null
    }
    if (this.#ufrags.includes(iceUfrag)) {
      throw new WeirError('CONFLICT', 'The fragment belongs to an ICE session that has been restarted since.')
    }
    this.#ufrags.push(iceUfrag)
    if (this.#ufrags.length > maxEarlierUfrags) this.#ufrags.shift()
    return this.#restarted(await this.session.restartIce())
  }

  #restarted(iceParameters: types.IceParameters): { fragment: string; etag: string } {
    return { fragment: this.#fragment(iceParameters), etag: this.etag }
  }

  #fragment({ usernameFragment, password }: types.IceParameters): string {
    const candidates = announcedCandidates(this.session.transport.iceCandidates, this.#announcedAddresses)
    const [first] = this.#mids
    const section = this.#offer.media.find(({ mid }) => mid === first)!
    const text = sdpTransform.write({
      version: 0,
      origin: { username: '-', sessionId: 0, sessionVersion: 1, netType: 'IN', ipVer: 4, address: '0.0.0.0' },
      name: '-',
      timing: { start: 0, stop: 0 },
      icelite: 'ice-lite',
      groups: [{ type: 'BUNDLE', mids: this.#mids.join(' ') }],
      media: [
        {
          type: section.type,
          port: 9,
          protocol: section.protocol,
          payloads: '0',
          mid: section.mid,
          rtp: [],
          fmtp: [],
          iceUfrag: usernameFragment,
          icePwd: password,
          candidates: sdpCandidates(candidates),
          endOfCandidates: 'end-of-candidates',
        },
      ],
    })
    // A fragment is what an SDP has of ICE: no lines of the session itself (RFC 8840, 9).
    return text.replace(/^[^am]=.*\r\n/gm, '')
  }
}
