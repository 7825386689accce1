import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The JDBC driver: the extended protocol, server-side statements, batches, fetch size, cancel. */
public class JdbcTest {
  private interface Body {
    void run() throws Exception;
  }

  private static int failures = 0;

  public static void main(String[] arguments) {
    check("values", JdbcTest::values);
    check("nulls", JdbcTest::nulls);
    check("binary values", JdbcTest::binaryValues);
    check("errors", JdbcTest::errors);
    check("transactions", JdbcTest::transactions);
    check("savepoints", JdbcTest::savepoints);
    check("fetch size", JdbcTest::fetchSize);
    check("batch", JdbcTest::batch);
    check("several results", JdbcTest::severalResults);
    check("meta data", JdbcTest::metaData);
    check("warnings", JdbcTest::warnings);
    check("query time-out", JdbcTest::queryTimeout);
    check("cancel", JdbcTest::cancel);
    check("copy", JdbcTest::copy);
    check("simple query mode", JdbcTest::simpleQueryMode);
    check("is valid", JdbcTest::isValid);
    check("termination", JdbcTest::termination);
    check("unknown database", JdbcTest::unknownDatabase);
    System.exit(failures == 0 ? 0 : 1);
  }

  private static void check(String name, Body body) {
    try {
      body.run();
      System.out.println("ok      " + name);
    } catch (Throwable problem) {
      ++failures;
      System.out.println("FAILED  " + name);
      problem.printStackTrace(System.out);
    }
  }

  private static void same(Object wanted, Object found) {
    if (!Objects.deepEquals(wanted, found)) {
      throw new AssertionError("wanted " + wanted + ", found " + found);
    }
  }

  private static void fails(String state, Body body) throws Exception {
    try {
      body.run();
    } catch (SQLException problem) {
      same(state, problem.getSQLState());
      return;
    }
    throw new AssertionError("no error, wanted " + state);
  }

  private static Connection connect(String... options) throws SQLException {
    return connectTo(System.getenv("PGDATABASE"), options);
  }

  private static Connection connectTo(String database, String... options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("PGUSER"));
    for (int i = 0; i < options.length; i += 2) {
      properties.setProperty(options[i], options[i + 1]);
    }
    String address = System.getenv("PGHOST") + ":" + System.getenv("PGPORT");
    return DriverManager.getConnection("jdbc:postgresql://" + address + "/" + database, properties);
  }

  private static ResultSet row(PreparedStatement statement) throws SQLException {
    ResultSet rows = statement.executeQuery();
    same(true, rows.next());
    return rows;
  }

  private static Object value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      same(true, rows.next());
      return rows.getObject(1);
    }
  }

  private static void roundTrip(Connection connection, String type, Object wanted) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT ?::" + type)) {
      // Often enough for the driver to go over to a named statement and binary values.
      for (int i = 0; i < 8; ++i) {
        statement.setObject(1, wanted);
        Object found = row(statement).getObject(1, wanted.getClass());
        same(wanted, found);
      }
    }
  }

  private static void values(String... options) throws Exception {
    try (Connection connection = connect(options)) {
      roundTrip(connection, "int2", -32768);
      roundTrip(connection, "int4", Integer.MIN_VALUE);
      roundTrip(connection, "int8", Long.MIN_VALUE);
      roundTrip(connection, "float4", 0.1f);
      roundTrip(connection, "float8", 1e-300);
      roundTrip(connection, "numeric", new BigDecimal("-12345678901234567890.0123456789"));
      roundTrip(connection, "bool", true);
      roundTrip(connection, "text", "naïve ☃ ' \\ \n");
      roundTrip(connection, "uuid", UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"));
      roundTrip(connection, "date", LocalDate.of(2024, 2, 29));
      roundTrip(connection, "timestamp", LocalDateTime.of(1999, 12, 31, 23, 59, 59, 999_999_000));
      roundTrip(connection, "timestamptz", OffsetDateTime.of(2024, 2, 29, 12, 34, 56, 0, ZoneOffset.UTC));
      bytes(connection);
      arrays(connection);
    }
  }

  private static void values() throws Exception {
    values(new String[0]);
  }

  private static void binaryValues() throws Exception {
    values("prepareThreshold", "-1", "binaryTransfer", "true");
    values("preferQueryMode", "extendedForPrepared");
  }

  private static void bytes(Connection connection) throws SQLException {
    byte[] wanted = new byte[256];
    for (int i = 0; i < wanted.length; ++i) {
      wanted[i] = (byte) i;
    }
    try (PreparedStatement statement = connection.prepareStatement("SELECT ?::bytea")) {
      for (int i = 0; i < 8; ++i) {
        statement.setBytes(1, wanted);
        same(wanted, row(statement).getBytes(1));
      }
    }
  }

  private static void arrays(Connection connection) throws SQLException {
    Integer[] wanted = {1, null, 3};
    try (PreparedStatement statement = connection.prepareStatement("SELECT ?::int4[]")) {
      statement.setObject(1, wanted, Types.ARRAY);
      Array found = row(statement).getArray(1);
      same(wanted, found.getArray());
    }
  }

  private static void nulls() throws Exception {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement("SELECT ?::int4, ?::text, ?::timestamptz")) {
      statement.setNull(1, Types.INTEGER);
      statement.setNull(2, Types.VARCHAR);
      statement.setTimestamp(3, Timestamp.from(Instant.EPOCH));
      ResultSet rows = row(statement);
      same(0, rows.getInt(1));
      same(true, rows.wasNull());
      same(null, rows.getString(2));
      same(Instant.EPOCH, rows.getTimestamp(3).toInstant());
    }
  }

  private static void errors() throws Exception {
    try (Connection connection = connect()) {
      fails("42601", () -> value(connection, "SELEC"));
      fails("22012", () -> value(connection, "SELECT 1/0"));
      fails("42703", () -> value(connection, "SELECT no_such_column"));
      fails("22P02", () -> value(connection, "SELECT 'x'::int4"));
      same(7, value(connection, "SELECT 7"));
    }
  }

  private static void transactions() throws Exception {
    try (Connection connection = connect()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setAutoCommit(false);
      same("serializable", value(connection, "SHOW transaction_isolation"));
      fails("22012", () -> value(connection, "SELECT 1/0"));
      fails("25P02", () -> value(connection, "SELECT 1"));
      connection.rollback();
      connection.setReadOnly(true);
      same("on", value(connection, "SHOW transaction_read_only"));
      connection.commit();
    }
  }

  private static void savepoints() throws Exception {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      value(connection, "SELECT 1");
      var savepoint = connection.setSavepoint("here");
      fails("22012", () -> value(connection, "SELECT 1/0"));
      connection.rollback(savepoint);
      same(7, value(connection, "SELECT 7"));
      connection.releaseSavepoint(savepoint);
      connection.commit();
    }
  }

  private static void fetchSize() throws Exception {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(100);
        int wanted = 0;
        try (ResultSet rows = statement.executeQuery("SELECT i FROM generate_series(1, 1050) AS g(i)")) {
          while (rows.next()) {
            same(++wanted, rows.getInt(1));
          }
        }
        same(1050, wanted);
      }
      connection.commit();
    }
  }

  private static void batch() throws Exception {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      for (int i = 0; i < 500; ++i) {
        statement.addBatch("SET work_mem = '" + (i + 64) + "kB'");
      }
      same(500, statement.executeBatch().length);
      same("563kB", value(connection, "SHOW work_mem"));
    }
  }

  private static void severalResults() throws Exception {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      same(true, statement.execute("SELECT 1; SELECT 2; SELECT 3"));
      int results = 0;
      do {
        try (ResultSet rows = statement.getResultSet()) {
          rows.next();
          same(++results, rows.getInt(1));
        }
      } while (statement.getMoreResults());
      same(3, results);
    }
  }

  private static void metaData() throws Exception {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement("SELECT 1 AS a, 'x'::text AS b, ?::int8 AS c")) {
      same(15, connection.getMetaData().getDatabaseMajorVersion());
      same("PostgreSQL", connection.getMetaData().getDatabaseProductName());
      same(Types.BIGINT, statement.getParameterMetaData().getParameterType(1));
      same("c", statement.getMetaData().getColumnName(3));
      same(Types.INTEGER, statement.getMetaData().getColumnType(1));
    }
  }

  private static void warnings() throws Exception {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      statement.execute("BEGIN; BEGIN; ROLLBACK");
      same("25001", statement.getWarnings().getSQLState());
    }
  }

  private static void queryTimeout() throws Exception {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      fails("57014", () -> statement.executeQuery("SELECT pg_sleep(60)"));
      same(7, value(connection, "SELECT 7"));
    }
  }

  private static void cancel() throws Exception {
    try (Connection connection = connect(); Connection other = connect();
        Statement statement = connection.createStatement()) {
      int pid = connection.unwrap(PGConnection.class).getBackendPID();
      Thread canceler = new Thread(() -> {
        try {
          String state = "SELECT coalesce(max(state), '') FROM pg_stat_activity WHERE pid = " + pid;
          while (!"active".equals(value(other, state))) {
            Thread.onSpinWait();
          }
          statement.cancel();
        } catch (SQLException problem) {
          throw new IllegalStateException(problem);
        }
      });
      canceler.start();
      fails("57014", () -> statement.executeQuery("SELECT pg_sleep(60)"));
      canceler.join();
    }
  }

  private static void copy() throws Exception {
    try (Connection connection = connect()) {
      CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
      var out = new java.io.StringWriter();
      same(3L, copies.copyOut("COPY (SELECT i FROM generate_series(1, 3) AS g(i)) TO STDOUT", out));
      same("1\n2\n3\n", out.toString());
    }
  }

  private static void simpleQueryMode() throws Exception {
    try (Connection connection = connect("preferQueryMode", "simple");
        PreparedStatement statement = connection.prepareStatement("SELECT ?::int4 + 1")) {
      statement.setInt(1, 6);
      same(7, row(statement).getInt(1));
    }
  }

  private static void isValid() throws Exception {
    try (Connection connection = connect()) {
      same(true, connection.isValid(10));
    }
  }

  private static void termination() throws Exception {
    try (Connection connection = connect(); Connection other = connect()) {
      int pid = connection.unwrap(PGConnection.class).getBackendPID();
      same(true, value(other, "SELECT pg_terminate_backend(" + pid + ")"));
      try {
        value(connection, "SELECT 1");
        throw new AssertionError("the session still runs");
      } catch (SQLException problem) {
        same(true, Arrays.asList("57P01", "08006").contains(problem.getSQLState()));
      }
    }
  }

  private static void unknownDatabase() throws Exception {
    fails("3D000", () -> connectTo("no_such_database").close());
  }
}
