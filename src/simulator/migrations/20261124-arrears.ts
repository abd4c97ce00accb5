import { Migration } from '@mikro-orm/migrations';

export class Migration20261124Arrears extends Migration {
  override up(): void {
    this.addSql(`alter table "market_instance" add column "arrears_since" bigint null`);
  }
}
