import { Migration } from '@mikro-orm/migrations';

const STATEMENTS = [`alter table "market_instance" add column "terms_id" text not null default ''`, `update "market_instance" set "terms_id" = "purchase_id"`];

export class Migration20261122Terms extends Migration {
  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}
