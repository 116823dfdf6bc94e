/// What one round of a measurement gave.
struct Sample {
  /// What is compared: events a second, milliseconds, or bytes.
  var value: Double
  /// How many events or calls there were.
  var count: Int
  var seconds: Double
  /// Milliseconds that a call took, where calls were timed one by one.
  var p50: Double?
  var p99: Double?

  /// So many events in so much time.
  static func rate(_ count: Int, in time: Duration, latencies: [Double] = []) -> Sample {
    var sample = Sample(value: Double(count) / time.seconds, count: count, seconds: time.seconds)
    sample.addPercentiles(of: latencies)
    return sample
  }

  /// Calls timed one by one, in milliseconds: the median is what is compared.
  static func latency(_ latencies: [Double]) -> Sample {
    var sample = Sample(
      value: 0, count: latencies.count, seconds: latencies.reduce(0, +) / 1000)
    sample.addPercentiles(of: latencies)
    sample.value = sample.p50 ?? .nan
    return sample
  }

  private mutating func addPercentiles(of latencies: [Double]) {
    guard !latencies.isEmpty else { return }
    let sorted = latencies.sorted()
    p50 = sorted[sorted.count / 2]
    p99 = sorted[sorted.count * 99 / 100]
  }
}

extension [Double] {
  /// The middle one; of an even number the mean of the two in the middle.
  var median: Double? {
    guard !isEmpty else { return nil }
    let sorted = sorted()
    return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2
  }
}
