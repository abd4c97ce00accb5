import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  `alter table "refusal" add column "mistake" varchar(255) null`,
  `alter table "command" add column "detail" varchar(255) null`,
  `alter table "instance" add column "living" boolean not null default true`,
  `alter table "instance" add column "lost_since" bigint null`,
  // Walked through by id, page after page.
  `create index "instance_living_id_index" on "instance" ("living", "id")`,
  // Few rows have these, and they are looked for again and again.
  `create index "instance_lost_since_index" on "instance" ("lost_since") where lost_since is not null`,
  `create index "command_answered_at_index" on "command" ("answered_at") where answered_at is not null`,
  // Lives that have ended were stored as such before there was a column for it.
  `update "instance" set "living" = false where state #>> '{actual,tenant}' = 'removed'`,
  `create table "notice" (
    "instance_id" varchar(64) not null,
    "kind" varchar(40) not null,
    "instant" bigint not null,
    "detail" varchar(255) not null,
    "claimed_at" bigint not null,
    "sent_at" bigint null,
    primary key ("instance_id", "kind", "instant")
  )`,
  `create table "usage" (
    "instance_id" varchar(64) not null,
    "read_at" bigint not null,
    "readings" jsonb not null,
    primary key ("instance_id")
  )`,
];

export class Migration20261122Life extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
