"""The addresses of accounts and posts."""

from django.urls import path

from lianxin.desk.accounts import (
    screens,
    screens_charge,
    screens_factor,
    screens_leave,
    screens_posts,
    screens_review,
    screens_sittings,
    screens_users,
)
from lianxin.ui.choosing import choose_appearance

urlpatterns = [
    path("sign-in/", screens.SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", screens_factor.SignInCode.as_view(), name="sign-in-code"),
    path("sign-out/", screens.SignOut.as_view(), name="sign-out"),
    path("password/", screens.PasswordChange.as_view(), name="password-change"),
    path("appearance/", choose_appearance, name="appearance"),
    path("me/", screens.OwnAccount.as_view(), name="me"),
    path("me/code/", screens_factor.OwnFactor.as_view(), name="second-factor"),
    path("me/sittings/others/end/", screens_sittings.EndOtherSittings.as_view(), name="sittings-end"),
    path("me/sittings/<slug:key>/end/", screens_sittings.EndSitting.as_view(), name="sitting-end"),
    path("users/", screens_users.Users.as_view(), name="users"),
    path("users/export/", screens_users.UsersExport.as_view(), name="users-export"),
    path("users/new/", screens_users.NewUser.as_view(), name="user-new"),
    path("users/<slug:key>/", screens_users.OneUser.as_view(), name="user"),
    path("users/<slug:key>/appoint/", screens_charge.AppointUser.as_view(), name="user-appoint"),
    path("users/<slug:key>/rename/", screens_charge.RenameUser.as_view(), name="user-rename"),
    path("users/<slug:key>/reset/", screens_charge.ResetPassword.as_view(), name="user-reset"),
    path("users/<slug:key>/deactivate/", screens_charge.SwitchOff.as_view(), name="user-deactivate"),
    path("users/<slug:key>/reactivate/", screens_charge.SwitchOn.as_view(), name="user-reactivate"),
    path("users/<slug:key>/code/reset/", screens_factor.ResetFactor.as_view(), name="user-factor-reset"),
    path("users/<slug:key>/sign-out/", screens_sittings.SignUserOut.as_view(), name="user-sign-out"),
    path("users/<slug:key>/leave/", screens_leave.UserLeaves.as_view(), name="user-leave"),
    path("review/", screens_review.Review.as_view(), name="review"),
    path("review/export/", screens_review.ReviewExport.as_view(), name="review-export"),
    path("review/<slug:key>/", screens_review.ReviewOne.as_view(), name="review-one"),
    path("appointments/<slug:key>/end/", screens_charge.EndAppointment.as_view(), name="appointment-end"),
    path("organisations/<slug:key>/posts/new/", screens_posts.NewPost.as_view(), name="post-new"),
    path("posts/<slug:key>/end/", screens_posts.EndPost.as_view(), name="post-end"),
]
