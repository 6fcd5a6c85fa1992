extension HTTPBin {
    static let teapot = """

            -=[ teapot ]=-

               _...._
             .'  _ _ `.
            | ."` ^ `". _,
            \\_;`"---"`|//
              |       ;/
              \\_     _/
                `\"\"\"`

        """

    static let pageText = """
        <!DOCTYPE html>
        <html>
          <head>
          </head>
          <body>
              <h1>A page</h1>
              <div>
                <p>This page is what /html answers.</p>
              </div>
          </body>
        </html>

        """

    static let xmlText = """
        <?xml version='1.0' encoding='us-ascii'?>
        <slideshow title="Sample Slide Show">
          <slide type="all">
            <title>Overview</title>
          </slide>
        </slideshow>

        """

    static let jsonText = """
        {
          "slideshow": {
            "slides": [
              {
                "title": "Overview",
                "type": "all"
              }
            ],
            "title": "Sample Slide Show"
          }
        }

        """
}
