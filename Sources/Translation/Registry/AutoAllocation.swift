import MeshModel

/// The addresses that istiod itself gives to hosts of ServiceEntries that have none, where no controller writes them
/// into their status (istiod: `autoAllocateIPs`, with PILOT_ENABLE_IP_AUTOALLOCATE off).
///
/// A host's place among 240.240.0.0/16 comes from a hash of its name, so that it is the same in every istiod.
enum AutoAllocation {
    private static let places: UInt32 = 256 * 254
    /// The largest prime below `places`.
    private static let prime: UInt32 = 65011

    static func applied(to services: [Service]) -> [Service] {
        var taken = [Int?](repeating: nil, count: Int(places))
        var count = 0
        for index in services.indices.sorted(by: { Service.isOlder(services[$0], services[$1]) })
        where isEligible(services[index]) && count < taken.count {
            taken[place(of: key(services[index]), in: taken)] = index
            count += 1
        }
        var result = services
        var given: [String: (third: Int, fourth: Int)] = [:]
        var number = 0
        for index in taken {
            number += 1
            guard let index else { continue }
            // 240.240.x.0 is no address of a host.
            if number % 255 == 0 { number += 1 }
            let octets = given[key(services[index])] ?? (number / 255, number % 255)
            given[key(services[index])] = octets
            var fields = Service.Fields(services[index])
            fields.autoAllocatedIPv4 = "240.240.\(octets.third).\(octets.fourth)"
            let third = octets.third == 0 ? "" : String(octets.third, radix: 16)
            fields.autoAllocatedIPv6 = "2001:2::f0f0:\(third)\(String(octets.fourth, radix: 16))"
            result[index] = Service(fields)
        }
        return result
    }

    private static func isEligible(_ service: Service) -> Bool {
        service.address == Service.unspecifiedAddress
            && service.resolution != .passthrough && !service.hostname.hasPrefix("*")
    }

    private static func key(_ service: Service) -> String { "\(service.namespace)/\(service.hostname)" }

    /// A place that is free, by double hashing.
    private static func place(of key: String, in taken: [Int?]) -> Int {
        let hash = fnv1a(key)
        var place = hash % places
        let step = prime - hash % prime
        var attempt: UInt32 = 0
        while taken[Int(place)] != nil {
            attempt &+= 1
            // The steps may come round before every place has been tried.
            if attempt > places { return taken.firstIndex(of: nil) ?? 0 }
            place = (hash &+ attempt &* step) % (places - 1)
        }
        return Int(place)
    }

    /// FNV-1a of 32 bits.
    private static func fnv1a(_ text: String) -> UInt32 {
        text.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}
