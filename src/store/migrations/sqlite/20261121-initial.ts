import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  `create table "breaker" (
    "name" text not null primary key,
    "opened_at" bigint not null,
    "keys" text not null,
    "tries" integer not null,
    "next_try_at" bigint not null,
    "reason" text not null
  )`,
  `create table "call" (
    "id" text not null primary key,
    "received_at" bigint not null,
    "kit" text not null,
    "verb" text not null,
    "kind" text check ("kind" in ('live', 'test')) not null,
    "nonce" text not null,
    "signed_at" bigint not null,
    "evidence" json not null,
    "body" text not null,
    "instance_id" text null,
    "seq" integer null,
    "result_code" text not null,
    "result_msg" text not null
  )`,
  `create index "call_received_at_index" on "call" ("received_at")`,
  `create index "call_instance_id_received_at_index" on "call" ("instance_id", "received_at")`,
  `create table "instance" (
    "id" text not null primary key,
    "order_line_key" text not null,
    "kit" text not null,
    "order_id" text not null,
    "order_line_id" text not null,
    "created_at" bigint not null,
    "updated_at" bigint not null,
    "state" json not null,
    "generation" integer not null,
    "version" integer not null,
    "run_id" text not null,
    "taken" integer not null,
    "last_seq" integer not null,
    "waiting" integer not null,
    "waiting_since" bigint null,
    "ring_at" bigint not null,
    "rings" integer not null,
    "phase" text not null,
    "needs_person" integer not null,
    "sku_code" text null,
    "product_id" text null,
    "expire_at" bigint null
  )`,
  `create unique index "instance_order_line_key_unique" on "instance" ("order_line_key")`,
  `create index "instance_phase_index" on "instance" ("phase")`,
  `create index "instance_needs_person_index" on "instance" ("needs_person")`,
  `create index "instance_waiting_ring_at_index" on "instance" ("waiting", "ring_at")`,
  `create table "command" (
    "instance_id" text not null,
    "seq" integer not null,
    "at" bigint not null,
    "received_at" bigint not null,
    "key" text null,
    "attempt" integer not null,
    "by" text not null,
    "instruction" json not null,
    "call_id" text null,
    "outcome" text null,
    "settled_at" bigint null,
    "answered_at" bigint null,
    primary key ("instance_id", "seq")
  )`,
  `create index "command_instance_id_key_index" on "command" ("instance_id", "key")`,
  `create table "nonce" (
    "kit" text not null,
    "nonce" text not null,
    "body_hash" text not null,
    "expires_at" bigint not null,
    "call_id" text not null,
    primary key ("kit", "nonce")
  )`,
  `create index "nonce_expires_at_index" on "nonce" ("expires_at")`,
  `create table "refusal" (
    "id" text not null primary key,
    "received_at" bigint not null,
    "kit" text not null,
    "result_code" text not null,
    "result_msg" text not null,
    "query" text not null,
    "body" text not null
  )`,
  `create index "refusal_received_at_index" on "refusal" ("received_at")`,
  `create table "sealed" (
    "instance_id" text not null,
    "kind" text not null,
    "text" text not null,
    "sealed_at" bigint not null,
    primary key ("instance_id", "kind")
  )`,
];

export class Migration20261121Initial extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
