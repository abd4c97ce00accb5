import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  `alter table "market_order" add column "edits" json null`,
  `alter table "market_instance" add column "frozen_for" text null`,
  `alter table "market_call" add column "trouble" text null`,
  `create table "market_matter" (
    "key" text not null primary key,
    "verb" text not null,
    "members" json not null,
    "order_id" text null,
    "instance_id" text null,
    "purchase_id" text not null,
    "since" bigint not null,
    "tries" integer not null,
    "due_at" bigint null,
    "reason" text not null
  )`,
  `create index "market_matter_purchase_id_index" on "market_matter" ("purchase_id")`,
  `create table "market_event" (
    "id" integer not null primary key autoincrement,
    "at" bigint not null,
    "rule" text not null,
    "order_id" text null,
    "instance_id" text null,
    "text" text not null
  )`,
  `create table "market_case" (
    "verb" text not null primary key,
    "members" json not null,
    "saved_at" bigint not null
  )`,
  `create table "market_standing" (
    "id" integer not null primary key,
    "trading" text not null,
    "rounds" integer not null,
    "failed_today" boolean not null,
    "failed_days" integer not null,
    "next_probe_at" bigint null,
    "counted_from" bigint not null
  )`,
];

export class Migration20261123Platform extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
