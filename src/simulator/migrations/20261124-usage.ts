import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  `alter table "market_instance" add column "status_since" bigint null`,
  `create table "market_usage" (
    "id" integer not null primary key autoincrement,
    "at" bigint not null,
    "pushed_by" text not null,
    "instance_id" text not null,
    "product_id" text null,
    "record_time" text not null,
    "begin_time" text not null,
    "end_time" text not null,
    "value" text not null,
    "metering_sn" text null,
    "package_instance_id" text null,
    "code" text null,
    "remark" text null
  )`,
  `create index "market_usage_instance_id_index" on "market_usage" ("instance_id")`,
  `create index "market_usage_metering_sn_index" on "market_usage" ("metering_sn")`,
];

export class Migration20261124Usage extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
