import Documents
import SwiftASN1
import X509

/// Which authorities a certificate chain leads to.
package enum CertificateTrust {
    /// Whether the first certificate of a PEM text is one of the authorities', by itself or through the other certificates of the
    /// text; `nil` when there is nothing to compare. Dates and uses are not looked at.
    package static func leads(from chain: [UInt8], to authorities: [UInt8]) -> Bool? {
        let presented = certificates(in: chain)
        let trusted = certificates(in: authorities)
        guard var current = presented.first, !trusted.isEmpty else { return nil }
        // Every step uses up one certificate, so that circles end.
        var rest = Array(presented.dropFirst())
        while true {
            if trusted.contains(where: { $0 == current || isIssued(current, by: $0) }) { return true }
            guard let next = rest.firstIndex(where: { isIssued(current, by: $0) }) else { return false }
            current = rest.remove(at: next)
        }
    }

    private static func isIssued(_ certificate: Certificate, by authority: Certificate) -> Bool {
        certificate.issuer == authority.subject
            && authority.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    private static func certificates(in pem: [UInt8]) -> [Certificate] {
        PEMBlocks.contents(of: pem).compactMap { try? Certificate(derEncoded: $0) }
    }
}
