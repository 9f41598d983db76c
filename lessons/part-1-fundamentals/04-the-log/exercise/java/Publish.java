import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

public class Publish {
  public static void main(String[] args) throws Exception {
    var config = new Properties();
    config.put("client.id", "watch-app");
    config.put("bootstrap.servers", "broker-1:9092,broker-2:9092,broker-3:9092");
    config.put("key.serializer", StringSerializer.class.getName());
    config.put("value.serializer", StringSerializer.class.getName());
    config.put("max.in.flight.requests.per.connection", 1);

    try (var producer = new KafkaProducer<String, String>(config)) {
      for (WatchEvent event : WatchEvents.evening()) {
        // With a key: new ProducerRecord<>("watch-events", key, event.toJson())
        producer.send(new ProducerRecord<>("watch-events", event.toJson())).get();
      }
    }
  }
}
