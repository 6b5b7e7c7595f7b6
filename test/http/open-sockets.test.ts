import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OpenSockets } from '../../src/http/open-sockets.ts'

test('each address has as many places as are allowed, of IPv6 each network', () => {
  const sockets = new OpenSockets(2)
  const first = sockets.take('10.0.0.1')!
  expect(sockets.take('10.0.0.1')).not.toBeNull()
  expect(sockets.take('10.0.0.1')).toBeNull()
  expect(sockets.take('10.0.0.2')).not.toBeNull()
  first()
  first()
  expect(sockets.take('10.0.0.1')).not.toBeNull()
  expect(sockets.take('10.0.0.1')).toBeNull()
  expect(sockets.take('2001:db8::1')).not.toBeNull()
  expect(sockets.take('2001:db8::ffff:1')).not.toBeNull()
  expect(sockets.take('2001:db8::2')).toBeNull()
  expect(sockets.take('2001:db8:0:1::2')).not.toBeNull()
})

test('nothing is lost or taken twice, in whatever order places are taken and given back', () => {
  const step = fc.oneof(
    fc.record({ take: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ leave: fc.nat(), twice: fc.boolean() }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 200 }), (max, steps) => {
      const sockets = new OpenSockets(max)
      const open: { address: string; leave: () => void }[] = []
      for (const step of steps) {
        if ('take' in step) {
          const address = `10.0.0.${step.take}`
          const before = open.filter((one) => one.address === address).length
          const leave = sockets.take(address)
          expect(leave !== null).toBe(before < max)
          if (leave) open.push({ address, leave })
        } else if (open.length > 0) {
          const [one] = open.splice(step.leave % open.length, 1)
          one!.leave()
          if (step.twice) one!.leave()
        }
        expect(sockets.total).toBe(open.length)
      }
      for (const { leave } of open) leave()
      expect(sockets.total).toBe(0)
    }),
    { numRuns: 300 },
  )
})
