import { expect, it } from 'vitest';
import { webhookHeaders } from '../../src/notices/webhook-signature.ts';

// The example by which the libraries of Standard Webhooks are tested, so that they verify what we send.
const example = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', now: 1_614_265_330_999 };

it.each(['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])('signs as Standard Webhooks does, with the secret %s', (secret) => {
  expect(webhookHeaders({ ...example, secret })).toEqual({
    'webhook-id': example.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('leaves the signature out without a secret', () => {
  expect(Object.keys(webhookHeaders({ ...example, secret: null }))).toEqual(['webhook-id', 'webhook-timestamp']);
});
