import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [
  `alter table "refusal" add column "mistake" text null`,
  `alter table "command" add column "detail" text null`,
  `alter table "instance" add column "living" integer not null default true`,
  `alter table "instance" add column "lost_since" bigint null`,
  // Walked through by id, page after page.
  `create index "instance_living_id_index" on "instance" ("living", "id")`,
  // Few rows have these, and they are looked for again and again.
  `create index "instance_lost_since_index" on "instance" ("lost_since") where lost_since is not null`,
  `create index "command_answered_at_index" on "command" ("answered_at") where answered_at is not null`,
  // Lives that have ended were stored as such before there was a column for it.
  `update "instance" set "living" = 0 where json_extract(state, '$.actual.tenant') = 'removed'`,
  `create table "notice" (
    "instance_id" text not null,
    "kind" text not null,
    "instant" bigint not null,
    "detail" text not null,
    "claimed_at" bigint not null,
    "sent_at" bigint null,
    primary key ("instance_id", "kind", "instant")
  )`,
  `create table "usage" (
    "instance_id" text not null primary key,
    "read_at" bigint not null,
    "readings" json not null
  )`,
];

export class Migration20261122Life extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
