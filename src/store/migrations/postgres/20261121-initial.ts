import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  `create table "breaker" (
    "name" varchar(32) not null,
    "opened_at" bigint not null,
    "keys" varchar(64) not null,
    "tries" int not null,
    "next_try_at" bigint not null,
    "reason" varchar(255) not null,
    primary key ("name")
  )`,
  `create table "call" (
    "id" varchar(36) not null,
    "received_at" bigint not null,
    "kit" varchar(24) not null,
    "verb" varchar(40) not null,
    "kind" text not null,
    "nonce" varchar(128) not null,
    "signed_at" bigint not null,
    "evidence" jsonb not null,
    "body" text not null,
    "instance_id" varchar(64) null,
    "seq" int null,
    "result_code" varchar(6) not null,
    "result_msg" varchar(255) not null,
    primary key ("id")
  )`,
  `create index "call_received_at_index" on "call" ("received_at")`,
  `create index "call_instance_id_received_at_index" on "call" ("instance_id", "received_at")`,
  `alter table "call" add constraint "call_kind_check" check ("kind" in ('live', 'test'))`,
  `create table "instance" (
    "id" varchar(64) not null,
    "order_line_key" varchar(200) not null,
    "kit" varchar(24) not null,
    "order_id" varchar(64) not null,
    "order_line_id" varchar(64) not null,
    "created_at" bigint not null,
    "updated_at" bigint not null,
    "state" jsonb not null,
    "generation" int not null,
    "version" int not null,
    "run_id" varchar(64) not null,
    "taken" int not null,
    "last_seq" int not null,
    "waiting" boolean not null,
    "waiting_since" bigint null,
    "ring_at" bigint not null,
    "rings" int not null,
    "phase" varchar(16) not null,
    "needs_person" boolean not null,
    "sku_code" varchar(64) null,
    "product_id" varchar(64) null,
    "expire_at" bigint null,
    primary key ("id")
  )`,
  `alter table "instance" add constraint "instance_order_line_key_unique" unique ("order_line_key")`,
  `create index "instance_phase_index" on "instance" ("phase")`,
  `create index "instance_needs_person_index" on "instance" ("needs_person")`,
  `create index "instance_waiting_ring_at_index" on "instance" ("waiting", "ring_at")`,
  `create table "command" (
    "instance_id" varchar(64) not null,
    "seq" int not null,
    "at" bigint not null,
    "received_at" bigint not null,
    "key" varchar(255) null,
    "attempt" int not null,
    "by" varchar(16) not null,
    "instruction" jsonb not null,
    "call_id" varchar(36) null,
    "outcome" varchar(16) null,
    "settled_at" bigint null,
    "answered_at" bigint null,
    primary key ("instance_id", "seq")
  )`,
  `create index "command_instance_id_key_index" on "command" ("instance_id", "key")`,
  `create table "nonce" (
    "kit" varchar(24) not null,
    "nonce" varchar(128) not null,
    "body_hash" varchar(64) not null,
    "expires_at" bigint not null,
    "call_id" varchar(36) not null,
    primary key ("kit", "nonce")
  )`,
  `create index "nonce_expires_at_index" on "nonce" ("expires_at")`,
  `create table "refusal" (
    "id" varchar(36) not null,
    "received_at" bigint not null,
    "kit" varchar(24) not null,
    "result_code" varchar(6) not null,
    "result_msg" varchar(255) not null,
    "query" text not null,
    "body" text not null,
    primary key ("id")
  )`,
  `create index "refusal_received_at_index" on "refusal" ("received_at")`,
  `create table "sealed" (
    "instance_id" varchar(64) not null,
    "kind" varchar(16) not null,
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
