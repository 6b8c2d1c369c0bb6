# The patient's home.
home-heading = Home
home-attention = Needs your attention
home-attention-none = Nothing needs your attention at the moment.
home-attention-part = We could not check this just now: { $parts }. There may be more that needs your attention.
home-attention-more = { $count ->
    [one] 1 more thing waits in the services below.
   *[other] { $count } more things wait in the services below.
}
home-in-hospital = You are in hospital
home-in-hospital-other = { $name } is in hospital
home-in-hospital-since = { $place }, since { $time }
home-expected = A stay in hospital is planned
home-expected-on = { $place }, { $day }
home-emergency = Somebody opened this record in an emergency
home-emergency-on = on { $time }
home-services = Services
home-prescriptions = Prescriptions
home-prescriptions-words = Order repeats, follow them, choose a pharmacy
home-prescriptions-instead = ask your pharmacy or GP surgery
home-appointments = Appointments
home-appointments-words = GP and hospital, referrals and waiting lists
home-appointments-instead = call your GP surgery or hospital
home-results = Test results
home-results-words = From your GP surgery, hospitals and other services
home-vaccinations = Vaccinations
home-vaccinations-words = What you have had, and when
home-vaccinations-instead = ask your GP surgery
home-conditions = Health conditions
home-conditions-words = Diagnoses and long-term conditions
home-documents = Documents
home-documents-words = Letters and reports about you
home-documents-instead = they come by post as before
home-more = Also here
home-messages = Messages
home-unread = { $count ->
    [0] No unread messages
    [one] 1 unread message
   *[other] { $count } unread messages
}
home-record = Your record
home-check = Where to go now
home-find = Find a service
home-trust = Your choices and help
home-who-looked = Who looked at my record
home-family = Family and carers
home-profile = Profile
