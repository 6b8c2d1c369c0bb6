# Scans and images: one study, its reports, where its pictures are.
scan-unnamed = Scan
scan-named = { $kind }: { $what }
scan-expected = This scan is planned, or its pictures are not ready yet.
scan-available = The pictures were made.
scan-cancelled = This scan was cancelled. It was not made, or not finished.
scan-unstated = Whether the pictures are ready is not recorded.
scan-made = Made { $date }
scan-dated = Date: { $date }
scan-site = Part of the body: { $what }
scan-place = Where: { $place }
scan-called = The department calls it: { $name }
scan-pictures = { $count ->
    [one] 1 picture
   *[other] { $count } pictures
}
scan-reported = { $count ->
    [one] There is a report about this scan.
   *[other] There are { $count } reports about this scan.
}
scan-ours = Some of these pictures were made from the scanner’s measurements by Bevan, the software behind this site. They are for research. They are not meant for decisions about your care.
scan-reports = What was found
scan-no-report = No report about this scan can be shown here. If you wait for one, ask whoever sent you for the scan.
scan-pictures-heading = The pictures
scan-kept = The pictures are not kept here. They are at: { $where }. Ask the hospital or clinic that made them if you want to see them.
scan-accession = When you ask, give this number: { $number }
scan-series = Sets of pictures
scan-series-unnamed = Set of pictures
scan-series-counted = { $name }: { $pictures }
scan-series-ours = made by Bevan, for research

# What people call the scans of each sort of machine.
scan-kind-mri = MRI scan
scan-kind-ct = CT scan
scan-kind-x-ray = X-ray
scan-kind-x-ray-vessels = X-ray of blood vessels
scan-kind-x-ray-moving = Moving X-ray
scan-kind-ultrasound = Ultrasound scan
scan-kind-ultrasound-vessel = Ultrasound from inside a blood vessel
scan-kind-mammogram = Mammogram (X-ray of the breast)
scan-kind-nuclear = Nuclear medicine scan
scan-kind-pet = PET scan
scan-kind-bone = Bone density scan
scan-kind-teeth = X-ray of the teeth
scan-kind-heat = Heat picture
scan-kind-eye-photograph = Photograph of the eye
scan-kind-eye = Eye scan
scan-kind-camera = Camera test (endoscopy)
scan-kind-photograph = Photograph
scan-kind-microscope = Picture through a microscope
scan-kind-heart-tracing = Heart tracing (ECG)
scan-kind-copy = Copy of a picture
scan-kind-report = Report
scan-kind-document = Document
scan-kind-radiotherapy = Radiotherapy picture
scan-unnamed-store = the hospital’s picture store
