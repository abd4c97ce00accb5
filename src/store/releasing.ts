import type { DatabaseConnection, Driver } from 'kysely';

/**
 * Kysely keeps the connection of a transaction whose begin or rollback fails (its issue 1990): one locked SQLite file, or a PostgreSQL
 * restart with as many transactions under way as the pool has connections, and every later call would wait for ever. Here a failed begin
 * is told by the transaction's first statement, so that it is rolled back like any other, and a rollback always gives the connection back.
 */
export function releasing(driver: Driver): Driver {
  const begin = driver.beginTransaction.bind(driver);
  const rollBack = driver.rollbackTransaction.bind(driver);
  const notBegun = new WeakSet<DatabaseConnection>();
  driver.beginTransaction = async (connection, settings) => {
    try {
      await begin(connection, settings);
    } catch (error) {
      notBegun.add(connection);
      connection.executeQuery = () => Promise.reject(error);
    }
  };
  driver.rollbackTransaction = async (connection) => {
    if (notBegun.delete(connection)) {
      // Gives the prototype's method back.
      Reflect.deleteProperty(connection, 'executeQuery');
      return;
    }
    try {
      await rollBack(connection);
    } catch {
      // The transaction has ended with its connection, which the pool drops; the caller is told the failure that led here.
    }
  };
  return driver;
}
