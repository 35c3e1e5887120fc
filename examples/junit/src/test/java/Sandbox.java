import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** An isolated copy of the demo data with a frozen clock, on the server that firedrill exec has started. */
class Sandbox implements AutoCloseable {
  private static final String SERVER = System.getenv("FIREDRILL_URL");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final String url;
  private final String name;

  Sandbox(String name) {
    this.name = name;
    url = SERVER + "/@" + name;
    send("POST", "/__admin/sandboxes", "{\"name\": \"" + name + "\", \"clock\": \"frozen\"}");
  }

  /** A control operation on this sandbox, such as arming a fault. */
  void control(String path, String body) {
    send("POST", "/__admin/sandboxes/" + name + "/" + path, body);
  }

  /** Moves the clock: everything that is due until then has happened. */
  void advance(String by) {
    control("clock/advance", "{\"by\": \"" + by + "\"}");
  }

  @Override
  public void close() {
    send("DELETE", "/__admin/sandboxes/" + name, "");
  }

  private static void send(String method, String path, String body) {
    var request = HttpRequest.newBuilder(URI.create(SERVER + path)).method(method, BodyPublishers.ofString(body));
    if (!body.isEmpty()) request.header("Content-Type", "application/json");
    try {
      var response = HTTP.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() >= 300) throw new IOException(method + " " + path + ": " + response.body());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }
}
