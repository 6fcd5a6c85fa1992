/// The route objects that name the host, nearest miss first.
struct Attachments {
    let list: [Attachment]

    init(_ context: RepairContext) { list = [] }
}
