# Your record: its parts, an entry of each, the timeline, the copy to keep, and who looked.
record-heading = Your record
record-home = Home
record-intro = This is what hospitals and surgeries that use this site have written down about you.
record-wrong = If something is wrong, tell the surgery or hospital that wrote it. You can ask them to correct it.
record-allergies = Allergies
record-allergies-about = What you react to, and how
record-allergies-empty = No allergies are recorded. If you have one, tell your surgery or the people who treat you.
record-allergies-none-known = It is recorded that you have no known allergies. If that is wrong, tell whoever treats you.
record-conditions = Health conditions
record-conditions-about = Diagnoses and long-term conditions
record-conditions-empty = No health conditions are recorded.
record-medicines = Medicines
record-medicines-about = What you take or took, and how
record-medicines-empty = No medicines are recorded.
record-medicines-careful = Do not stop or change a medicine because of what you read here. Ask your pharmacist or doctor first.
record-results-about = What was tested, and what it means
record-vaccinations = Vaccinations
record-vaccinations-about = What you were vaccinated against, and when
record-vaccinations-empty = No vaccinations are recorded. Vaccinations from childhood or abroad may not be here.
record-documents = Documents
record-documents-about = Letters and discharge summaries
record-documents-empty = No documents are recorded.
record-scans = Scans and images
record-scans-about = X-rays, MRI and other scans, and their reports
record-scans-empty = No scans are recorded. Scans from long ago or from elsewhere may not be here.
record-scans-elsewhere = The pictures themselves are not kept here. To see them, ask the hospital or clinic that made them.
record-visits = Hospital and clinic visits
record-visits-about = Where you were, when and why
record-visits-empty = No hospital or clinic visits are recorded.
record-measurements = Measurements
record-measurements-empty = No measurements are recorded.

# Dates.
record-recorded = Recorded { $date }
record-on = On { $date }
record-since = Since { $date }
record-until = Until { $date }
record-from-to = From { $from } to { $to }
record-no-date = The date is not recorded.

# Allergies.
record-allergy-severe = Severe reaction
record-allergy-unknown = What happened is not recorded.
record-allergy-reaction = What happened: { $what }
record-allergy-suspected = This allergy is suspected. It has not been confirmed.
record-allergy-past = This is recorded as no longer a risk.

# Health conditions.
record-doctors-call = Doctors call it: { $name }
record-condition-active = You have this now.
record-condition-back = It came back.
record-condition-quiet = It is quiet at the moment.
record-condition-over = It is recorded as over.
record-condition-suspected = It is thought likely, but not confirmed.
record-condition-unstated = Whether you have it now is not recorded.

# Medicines.
record-medicine-current = You take this now.
record-medicine-hold = This is paused. Ask before you start it again.
record-medicine-done = You finished this.
record-medicine-stopped = This was stopped.
record-medicine-planned = This is planned. You have not started it.
record-medicine-unstated = Whether you take it now is not recorded.
record-medicine-take = How to take it: { $dose }.
record-medicine-took = How it was to be taken: { $dose }.
record-medicine-no-dose = How to take it is not recorded here. Follow the label.
record-medicine-for = What it is for: { $reason }
record-medicine-by = Prescribed by { $who }

# Vaccinations.
record-vaccine-on = Given { $date }
record-vaccine-not = It was not given.
record-vaccine-not-why = It was not given: { $why }
record-vaccine-by = By { $who }
record-vaccine-batch = Batch { $batch }
record-vaccine-site = Where in the body: { $site }

# Visits.
record-visit-stay = Stay in hospital
record-visit-emergency = Emergency department
record-visit-home = Visit at home
record-visit-remote = Phone or video appointment
record-visit-clinic = Visit
record-visit-planned = This is planned.
record-visit-now = You are here now.
record-visit-leave = You are away, and your bed is kept.
record-visit-cancelled = This was cancelled.
record-visit-why = Why: { $reason }
record-visit-where = Where you were:
record-visit-step = { $place }, from { $from } to { $to }
record-visit-step-from = { $place }, from { $from }

# Documents.
record-written = Written { $date }
record-author = By { $who }
record-document-not-here = The document itself cannot be shown here. Ask whoever wrote it for a copy.
record-sheets = { $count ->
    [one] 1 file to open
   *[other] { $count } files to open
}
record-sheet = { $title } ({ $kind }, { $size })
record-sheet-file = document
record-sheet-pdf = PDF
record-sheet-picture = picture
record-sheet-text = text
record-sheet-rich-text = Rich Text file
record-sheet-word = Word document
record-sheet-open-text = OpenDocument text
record-sheet-excel = Excel spreadsheet
record-sheet-spreadsheet = spreadsheet
record-sheet-powerpoint = PowerPoint presentation
record-sheet-scan = medical scan
record-sheet-sound = sound recording
record-sheet-video = video
record-sheet-email = email
record-sheet-zip = ZIP file
record-sheet-untold = file
record-sheet-unweighed = { $title } ({ $kind })
record-sheet-bytes = { $count ->
    [one] 1 byte
   *[other] { $count } bytes
}
record-sheet-kilobytes = { $count } kB
record-sheet-megabytes = { $count } MB

# One entry.
record-more = More about this
record-fact-by = Recorded by
record-fact-attending = Who treated you
record-fact-provider = Organisation
record-fact-severity = How severe
record-fact-site = Where in the body
record-fact-quantity = How much
record-fact-code = Code
record-fact-notes = Notes

# Timeline.
record-timeline = Timeline
record-timeline-about = Your whole record in order of time
record-timeline-intro = What surgeries, hospitals and mental health services have recorded, newest first.
record-timeline-empty = Nothing is recorded for this time.
record-timeline-years = Other years
record-timeline-earlier = Earlier: { $year }
record-timeline-later = Later: { $year }
record-timeline-undated = Entries without a date are not on the timeline. You find them in the other parts of your record.
record-kind-visit = Visit
record-kind-result = Test result
record-kind-condition = Condition began
record-kind-medicine = Medicine
record-kind-vaccination = Vaccination
record-kind-procedure = Procedure
record-kind-allergy = Allergy recorded
record-kind-document = Document
record-kind-scan = Scan

# The copy to keep.
record-download = Download your record
record-download-intro = You can keep a copy of everything in your record, or give it to somebody who treats you.
record-download-page = To read or print
record-download-page-about = A page with your whole record. Every browser opens it, without internet.
record-download-page-button = Download as a page
record-download-fhir = For another health system
record-download-fhir-about = A FHIR document. Computer systems of hospitals and surgeries can read it.
record-download-fhir-button = Download as a FHIR document
record-download-safe = Keep it safe
record-download-safe-about = A copy is not protected once it is on your phone or computer. Do not download it on a device that others use.
record-copy-heading = Copy of the record of { $name }
record-copy-made = Made on { $when }. Changes after that are not in it.
record-copy-born = Date of birth
record-copy-number = NHS number

# Who looked.
record-who-looked = Who looked at my record
record-look-intro = Every look at your record is written down before anything is shown. The newest is first.
record-look-empty = Nobody has looked at your record yet.
record-look-ask = If you do not know why somebody looked, ask the organisation. It must tell you.
record-look-you = You
record-look-withheld = Name withheld for staff safety
record-look-all = your record
record-look-read = Looked at: { $parts }
record-look-searched = Found in a search: { $parts }
record-look-changed = Changed or added to: { $parts }
record-look-removed = Removed from: { $parts }
record-look-care = Why: to care for you
record-look-emergency = Emergency access
record-look-why = Why: { $why }
record-look-behalf = On your behalf
record-look-behalf-phone = Why: you called and asked them to
record-look-behalf-here = Why: you were there and asked them to
record-look-behalf-writing = Why: you wrote and asked them to
record-look-behalf-carer = Why: somebody who may act for you asked them to
record-look-did = Did for you: { $parts }
record-look-asked = Why: you asked
record-look-operations = Why: to run the service
record-look-review-waiting = Review: every emergency access is checked afterwards. The outcome is not recorded yet.
record-look-review-asked = Review: on { $date } the review began. { $outcome }
record-look-review-done = Review: checked on { $date }. { $outcome }

# In which role somebody looked, and at what.
record-role-you = You
record-role-carer = Acting for you
record-role-applicant = Applied to act for you, or stopped
record-role-ward = Ward staff
record-role-surgery = GP surgery staff
record-role-desk = Receptionist
record-role-operator = System operator
record-role-privacy = Privacy officer
record-role-system = Connected system
record-role-staff = Staff
record-part-details = Name and details
record-part-conditions = Health conditions
record-part-medicines = Medicines
record-part-allergies = Allergies
record-part-results = Test results
record-part-measurements = Observations and measurements
record-part-visits = Hospital visits
record-part-vaccinations = Vaccinations
record-part-procedures = Procedures
record-part-documents = Documents
record-part-referrals = Requests and referrals
record-part-appointments = Appointments
record-part-messages = Messages and letters
record-part-family = Who may act for you
record-part-looks = Who looked
record-part-other = Other parts
record-review-justified = The organisation found that it was right to open your record.
record-review-not-justified = The organisation found that your record should not have been opened.
record-review-asked = The organisation has asked them why they opened your record. You can read here what comes of it.

# What a record leaves out.
record-unnamed = Not named
record-unnamed-medicine = Medicine not named
record-unnamed-substance = Substance not named
record-unnamed-vaccine = Vaccine not named
record-unnamed-test = Test
record-unnamed-document = Document without a title
record-unnamed-appointment = Appointment
record-unnamed-referral = Referral
record-unnamed-place = Place not named
record-unnamed-hospital = Hospital
record-unnamed-person = Name not recorded
record-no-value = no value
record-local-code = local code

# Values in words.
record-yes = Yes
record-no = No
record-range = { $low } to { $high }
record-range-from = { $low } or more
record-range-to = { $high } or less

# The copy for another health system.
record-copy-not-open = This section is not open to the reader who made the copy
record-copy-nothing = No information recorded
record-copy-elsewhere = Not part of this copy
