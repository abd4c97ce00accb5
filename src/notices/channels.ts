import type { Logger } from 'pino';
import type { Config } from '../config/types.ts';
import { createLogChannel } from './log-channel.ts';
import type { Channel } from './notice.ts';
import { createWebhookChannel } from './webhook-channel.ts';

export interface ChannelsOptions {
  readonly webhook: Config['webhook'];
  readonly log: Logger;
  /** UTC ms. */
  now(): number;
}

/** What the configuration names: the log first and always, then the webhook. */
export function createChannels({ webhook, log, now }: ChannelsOptions): readonly Channel[] {
  const channels = [createLogChannel(log)];
  const { url, secret } = webhook;
  if (url !== null) channels.push(createWebhookChannel({ url, secret, allowPrivate: webhook.private === 'allow', now }));
  return channels;
}
