import FoundationEssentials
import SwiftASN1
import X509

/// What `proxy-config secret` says of a certificate.
package struct CertificateFacts: Hashable, Sendable {
    package var isAuthority: Bool
    /// Lower-case hex, at least 32 digits.
    package var serialNumber: String
    /// Seconds since 1970.
    package var notBefore: Int64
    package var notAfter: Int64
    /// The host of the last `spiffe://` name, empty if there is none.
    package var trustDomain: String

    /// The first certificate of a PEM text; `nil` when there is none that can be read.
    package init?(pem: [UInt8]) {
        guard let der = PEMBlocks.contents(of: pem).first, let certificate = try? Certificate(derEncoded: der) else {
            return nil
        }
        isAuthority = false
        if let constraints = try? certificate.extensions.basicConstraints,
            case .isCertificateAuthority = constraints
        {
            isAuthority = true
        }
        let digits = certificate.serialNumber.bytes.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined().drop { $0 == "0" }
        serialNumber = String(repeating: "0", count: max(0, 32 - digits.count)) + digits
        notBefore = Int64(certificate.notValidBefore.timeIntervalSince1970)
        notAfter = Int64(certificate.notValidAfter.timeIntervalSince1970)
        trustDomain = ""
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return }
        for name in names {
            guard case .uniformResourceIdentifier(let uri) = name, uri.hasPrefix("spiffe://") else { continue }
            trustDomain = String(uri.dropFirst(9).prefix { $0 != "/" })
        }
    }

    /// `2033-05-02T03:41:33Z`.
    package static func text(ofTime seconds: Int64) -> String {
        let days = Int((Double(seconds) / 86400).rounded(.down))
        let second = Int(seconds) - days * 86400
        let (year, month, day) = civil(days)
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        let years = String(year)
        return String(repeating: "0", count: max(0, 4 - years.count)) + years
            + "-\(two(month))-\(two(day))T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    /// The Gregorian date of a day since 1970-01-01.
    static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
