import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultAnnouncedAddresses } from '../../../src/media/mediasoup/announced-addresses.ts'
import { receiveBufferBytes, receiveBufferWarning } from '../../../src/media/mediasoup/receive-buffer.ts'
import { firstEpoch, isStraggler, nextEpoch, realLost, sequenceMargin } from '../../../src/media/mediasoup/sequence.ts'
import { replacementDelayMs } from '../../../src/media/mediasoup/worker-slot.ts'

test('players are told every IPv4 address, outside ones first, each once', () => {
  const ipv4 = (address: string, internal = false) => ({ address, internal, family: 'IPv4' })
  const interfaces = {
    lo: [ipv4('127.0.0.1', true), { address: '::1', internal: true, family: 'IPv6' }],
    eth0: [ipv4('192.0.2.7'), { address: '2001:db8::7', internal: false, family: 'IPv6' }],
    eth1: [ipv4('198.51.100.9'), ipv4('192.0.2.7')],
    gone: undefined,
  }
  expect(defaultAnnouncedAddresses(interfaces)).toEqual(['192.0.2.7', '198.51.100.9', '127.0.0.1'])
  expect(defaultAnnouncedAddresses({})).toEqual(['127.0.0.1'])
})

test('a kernel that caps receive buffers below what is asked for is named with its setting', () => {
  expect(receiveBufferWarning('212992\n')).toEqual({
    rmemMaxBytes: 212_992,
    setting: 'sysctl -w net.core.rmem_max=4194304',
  })
  expect(receiveBufferWarning(`${receiveBufferBytes}\n`)).toBeNull()
  expect(receiveBufferWarning(null)).toBeNull()
})

test('a worker that keeps dying is replaced ever later, never later than after 30 s', () => {
  expect([1, 2, 3, 4].map(replacementDelayMs)).toEqual([0, 250, 500, 1000])
  expect(replacementDelayMs(1000)).toBe(30_000)
})

describe('sequence numbers over FFmpeg processes', () => {
  test('a process that sent nothing is followed at the same number', () => {
    expect(nextEpoch(firstEpoch, { received: 0, lost: 0 })).toBe(firstEpoch)
  })

  test('the next process starts the margin above the last packet, losses counted', () => {
    const second = nextEpoch(firstEpoch, { received: 1000, lost: 7 })
    expect(second.sequence).toBe(firstEpoch.sequence + 1000 + 7 + sequenceMargin)
  })

  test('it stays above what was sent through any number of processes, and gaps never count as losses', () => {
    const process = fc.record({ received: fc.integer({ min: 1, max: 200_000 }), lost: fc.nat(500) })
    fc.assert(
      fc.property(fc.array(process, { maxLength: 20 }), (processes) => {
        let epoch = firstEpoch
        let [received, lost, gaps] = [0, 0, 0]
        for (const sent of processes) {
          const lastSent = epoch.sequence + sent.received + sent.lost - 1
          received += sent.received
          lost += sent.lost
          const next = nextEpoch(epoch, { received, lost: lost + gaps })
          expect(next.sequence).toBe((lastSent + 1 + sequenceMargin) % 65_536)
          gaps += sequenceMargin
          expect(realLost(next, lost + gaps)).toBe(lost)
          // mediasoup counts the gap late.
          expect(realLost(next, lost)).toBe(lost)
          epoch = next
        }
      }),
    )
  })

  test('what a killed process had on its way is told from the next one, also over the wrap', () => {
    const epoch = { ...firstEpoch, sequence: 10 }
    expect([9, 0, 65_535, 65_500].map((sequence) => isStraggler(epoch, sequence))).toEqual([true, true, true, true])
    expect([10, 11, 30_000, 60_000].map((sequence) => isStraggler(epoch, sequence))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
