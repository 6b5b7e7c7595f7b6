import { afterAll, beforeAll, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

const Setup = graphql(/* GraphQL */ `
  query ReservingProject {
    viewer {
      project {
        id
      }
    }
  }
`)
const Limit = graphql(/* GraphQL */ `
  mutation LimitSources($id: ID!, $perSource: JSON) {
    updateProject(id: $id, input: { quotas: { perSource: $perSource } }) {
      id
    }
  }
`)
const Reserve = graphql(/* GraphQL */ `
  mutation Reserve($input: CreateReservationInput!) {
    createReservation(input: $input) {
      id
    }
  }
`)
const OpenReserved = graphql(/* GraphQL */ `
  mutation OpenReserved($input: OpenConsumerInput!) {
    openConsumer(input: $input) {
      consumer {
        id
        source
      }
      url
    }
  }
`)
const Release = graphql(/* GraphQL */ `
  mutation Release($id: ID!) {
    releaseReservation(id: $id) {
      state
    }
  }
`)
const Seen = graphql(/* GraphQL */ `
  query SeenReservation($id: ID!, $session: ID!) {
    reservation(id: $id) {
      state
    }
    consumer(id: $session) {
      state
      closeReason
      closeMessage
    }
    reservationCounts {
      total
      active
      bySource {
        source
        total
        active
        limit
      }
    }
  }
`)

let weir: Weir
beforeAll(async () => {
  weir = await Weir.start()
})
afterAll(() => weir?.[Symbol.asyncDispose]())

test('a place is kept, sat upon, given back with its session, and free for the next', async () => {
  const { api } = weir
  const source = { testPattern: { width: 160, height: 120, fps: 10, tone: false } }
  const { id: streamId } = await weir.liveStream({ name: 'Reserved', source })
  const { viewer } = await api.request(Setup, {})
  await api.request(Limit, { id: viewer!.project!.id, perSource: { agency: 1 } })
  const reserve = (holdSeconds: number) => api.request(Reserve, { input: { streamId, source: 'agency', holdSeconds } })
  const open = (reservationId: string | null) =>
    api.request(OpenReserved, {
      input: { streamId, clientId: 'player', protocol: 'HLS', source: 'agency', reservationId },
    })

  const { id } = (await reserve(60)).createReservation!
  await expect(reserve(60)).rejects.toThrow('“agency” (quota perSource): 1 of 1 are taken; needed 1, available 0')
  await expect(open(null)).rejects.toThrow('“agency” (quota perSource)')
  const opened = (await open(id)).openConsumer!
  const session = opened.consumer!.id
  const { reservationCounts } = await api.request(Seen, { id, session })
  expect(reservationCounts).toEqual({
    total: 1,
    active: 1,
    bySource: [{ source: 'agency', total: 1, active: 1, limit: 1 }],
  })
  expect((await fetch(opened.url!)).status).toBe(200)
  expect((await api.request(Release, { id })).releaseReservation!.state).toBe('RELEASED')
  expect(await api.request(Seen, { id, session })).toMatchObject({
    reservation: { state: 'RELEASED' },
    consumer: { state: 'CLOSED', closeReason: 'FORCED', closeMessage: 'Its reservation was released.' },
    reservationCounts: { total: 0 },
  })
  await until('its player is refused', async () => (await fetch(opened.url!)).status === 403)

  const { id: short } = (await reserve(1)).createReservation!
  await until('nobody came and it has expired', async () => {
    const { reservation } = await api.request(Seen, { id: short, session })
    return reservation!.state === 'EXPIRED'
  })
  await reserve(60)
  const metrics = await (await fetch(`${weir.url}/metrics`)).text()
  expect(metrics).toContain('vas_reservations{source="agency",state="held"} 1')
  expect(metrics).toContain('vas_reservation_refusals_total{reason="consumers_of_source"} 2')
})
