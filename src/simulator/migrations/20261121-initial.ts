import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  `create table "market_order" (
    "id" text not null primary key,
    "type" text not null,
    "created_at" bigint not null,
    "purchase_id" text not null,
    "buyer" json not null,
    "extend_params" json not null
  )`,
  `create index "market_order_purchase_id_index" on "market_order" ("purchase_id")`,
  `create table "market_order_line" (
    "id" text not null primary key,
    "order_id" text not null,
    "charging_mode" text not null,
    "period_type" text null,
    "period_number" integer null,
    "expire_at" bigint null,
    "previous_expire_at" bigint null,
    "products" json not null
  )`,
  `create index "market_order_line_order_id_index" on "market_order_line" ("order_id")`,
  `create table "market_instance" (
    "purchase_id" text not null primary key,
    "instance_id" text null,
    "status" text not null,
    "expire_at" bigint null
  )`,
  `create index "market_instance_instance_id_index" on "market_instance" ("instance_id")`,
  `create table "market_call" (
    "seq" integer not null primary key,
    "at" bigint not null,
    "ms" integer not null,
    "verb" text not null,
    "kind" text not null,
    "order_id" text null,
    "instance_id" text null,
    "query" json not null,
    "body" text not null,
    "status" integer null,
    "content_type" text null,
    "text" text not null,
    "failure" text null,
    "verdict" json not null
  )`,
];

export class Migration20261121Initial extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
