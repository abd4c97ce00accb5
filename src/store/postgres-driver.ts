import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { releasing } from './releasing.ts';

class ReleasingConnection extends PostgreSqlConnection {
  override createKyselyDialect(...options: Parameters<PostgreSqlConnection['createKyselyDialect']>): ReturnType<PostgreSqlConnection['createKyselyDialect']> {
    const dialect = super.createKyselyDialect(...options);
    const createDriver = dialect.createDriver.bind(dialect);
    dialect.createDriver = () => releasing(createDriver());
    return dialect;
  }
}

/** MikroORM's PostgreSQL driver, whose pool survives transactions that fail with their connection. */
export class ReleasingPostgreSqlDriver extends PostgreSqlDriver {
  protected override readonly connection = new ReleasingConnection(this.config);
}
